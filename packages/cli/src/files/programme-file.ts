import { readFileSync } from 'node:fs'
import { fromJson, type JsonObject } from '@bufbuild/protobuf'
import {
  CohortSchema,
  ProgramSchema,
  ProgramService,
} from '@jejak/proto/jejak/enrollment/v1/program'
import type { Connection } from '@jejak/rpc/client'
import { bearerOf } from '../terminal/connection.ts'
import { CommandFailed } from '../terminal/exit.ts'
import { requestIdOf } from './assessment-rows.ts'
import { checkTargets } from './programme-targets.ts'

/** Publishes a programme as its file has it; done again, it adds nothing. */
export const publishProgramme = async (connection: Connection, token: string, path: string) => {
  const { program, cohorts } = read(path)
  await checkTargets(connection, program)
  const idOf = (...parts: string[]) => requestIdOf('programme', bearerOf(token), parts.join('\n'))
  const client = connection.client(ProgramService)
  const { programId } = await client.publishProgram({ requestId: idOf(program.code), program })
  const opened: { title: string; cohortId: string }[] = []
  for (const cohort of cohorts) {
    const { cohortId } = await client.openCohort({
      requestId: idOf(program.code, cohort.title),
      cohort: { ...cohort, programId },
    })
    opened.push({ title: cohort.title, cohortId })
  }
  return { code: program.code, programId, cohorts: opened }
}

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
    throw new CommandFailed(
      'BrokenFile',
      `${path}: ${(error as Error).message}. See --help for the form`,
    )
  }
}
