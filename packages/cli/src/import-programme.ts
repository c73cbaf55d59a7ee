import { readFileSync } from 'node:fs'
import { fromJson, type JsonObject } from '@bufbuild/protobuf'
import {
  CohortSchema,
  ProgramSchema,
  ProgramService,
} from '@jejak/proto/jejak/enrollment/v1/program'
import { Command } from 'commander'
import { requestIdOf } from './assessment-rows.ts'
import {
  bearerOf,
  type ConnectionOptions,
  calling,
  grpcOption,
  tokenIn,
  tokenOption,
} from './connection.ts'
import { print, Unusable } from './outcome.ts'
import { userPath } from './paths.ts'

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

export const importProgrammeCommand = new Command('programme')
  .description('publish a programme, and open its cohorts')
  .argument('<file>', 'JSON, as below')
  .addOption(grpcOption())
  .addOption(tokenOption())
  .option('--json', 'the ids as JSON')
  .addHelpText(
    'after',
    `
  ${example}

A programme goes by its code, a cohort by its title: importing a file again adds nothing.

  $ npm run -s jejak -- import programme mrs-2026.json --token token.txt

Exit codes: 0 it is published, 2 the file or the service can't be used.`,
  )
  .action(async (file: string, options: Options) => {
    const { program, cohorts } = read(userPath(file))
    const token = tokenIn(options.token, ['hr'])
    const idOf = (...parts: string[]) => requestIdOf('programme', bearerOf(token), parts.join('\n'))
    const result = await calling(options.grpc, token, async connection => {
      const client = connection.client(ProgramService)
      const { programId } = await client.publishProgram({
        requestId: idOf(program.code),
        program,
      })
      const opened: { title: string; cohortId: string }[] = []
      for (const cohort of cohorts) {
        const { cohortId } = await client.openCohort({
          requestId: idOf(program.code, cohort.title),
          cohort: { ...cohort, programId },
        })
        opened.push({ title: cohort.title, cohortId })
      }
      return { programId, cohorts: opened }
    })
    if (options.json) return print(result)
    console.log(`programme ${program.code}  ${result.programId}`)
    for (const { title, cohortId } of result.cohorts) console.log(`cohort ${title}  ${cohortId}`)
  })

const read = (path: string) => {
  try {
    const { program, cohorts = [] } = JSON.parse(readFileSync(path, 'utf8')) as {
      program: JsonObject
      cohorts?: JsonObject[]
    }
    return {
      program: fromJson(ProgramSchema, program),
      cohorts: cohorts.map(cohort => fromJson(CohortSchema, cohort)),
    }
  } catch (error) {
    throw new Unusable(
      'BrokenFile',
      `${path}: ${(error as Error).message}. See --help for the form`,
    )
  }
}
