import { assessments } from '../files/assessment-rows.ts'
import { fileCommand, fileExits } from '../files/file-command.ts'

export const submitCommand = fileCommand('submit', ['agency'], assessments)
  .description("send an agency's file of assessments, and keep a receipt for each")
  .addHelpText(
    'after',
    `
The first row has the headings, in Indonesian or English: jejak template assessments writes them.
Each row has a reference of its own, which stays the same when it is sent again: then nothing is
stored twice, however often you send the file. Refused rows come back in a file of the same form,
with line, field, reason and fix: correct it and send it.

  $ npm run -s jejak -- template assessments asesmen.csv
  $ npm run -s jejak -- submit asesmen.csv --token token.txt --dry-run
  $ npm run -s jejak -- submit asesmen.csv --token token.txt
${fileExits}`,
  )
