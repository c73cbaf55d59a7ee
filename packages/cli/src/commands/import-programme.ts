import { terminalText } from '@jejak/texts/terminal'
import { Command } from 'commander'
import { publishProgramme } from '../files/programme-file.ts'
import { type ConnectionOptions, calling, connectionOptions } from '../terminal/connection.ts'
import { print } from '../terminal/exit.ts'
import { userPath } from '../terminal/paths.ts'

type Options = ConnectionOptions & { readonly json?: true }

const example = `{
    "program": {
      "code": "mrs-2026", "title": "Manajemen Rumah Sakit", "field": "kesehatan",
      "targets": [{ "framework": "permenpanrb-38-2017", "competency": "integritas", "level": 3 }],
      "modules": [{ "code": "mutu", "title": "Mutu layanan", "jp": 12, "practiceJp": 6 }],
      "validityMonths": 36
    },
    "cohorts": [{ "title": "Angkatan I", "startsOn": "2026-02-02", "endsOn": "2026-03-31",
                  "capacity": 40 }]
  }`

export const importProgrammeCommand = connectionOptions(
  new Command('programme')
    .description('publish a programme, and open its cohorts')
    .argument('<file>', 'JSON, as below'),
)
  .option('--json', 'the ids as JSON')
  .addHelpText(
    'after',
    `
  ${example}

A programme goes by its code, a cohort by its title: importing a file again adds nothing. Targets
are looked up first: publish a dictionary before the programme that names it.

  $ npm run -s jejak -- import programme mrs-2026.json --token token.txt

Exit codes: 0 it is published, 2 the file or the service can't be used.`,
  )
  .action(async (file: string, options: Options) => {
    const { code, ...ids } = await calling(options, ['hr'], (connection, token) =>
      publishProgramme(connection, token, userPath(file)),
    )
    if (options.json) return print(ids)
    console.log(terminalText({ key: 'programme-imported', values: { code, id: ids.programId } }))
    for (const { title, cohortId } of ids.cohorts) {
      console.log(terminalText({ key: 'cohort-imported', values: { title, id: cohortId } }))
    }
  })
