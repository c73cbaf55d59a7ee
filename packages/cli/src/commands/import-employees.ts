import { employees } from '../files/employee-rows.ts'
import { fileCommand, fileExits } from '../files/file-command.ts'

export const importEmployeesCommand = fileCommand('employees', ['hr', 'agency'], employees)
  .description('register the employees of a file')
  .addHelpText(
    'after',
    `
As jejak submit: each row has a reference of its own, and refused rows come back to be corrected.

  $ npm run -s jejak -- template employees pegawai.csv
  $ npm run -s jejak -- import employees pegawai.csv --token token.txt
${fileExits}`,
  )
