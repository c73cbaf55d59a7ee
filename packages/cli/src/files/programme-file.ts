import { readFileSync } from 'node:fs'
import { fromJson, type JsonObject } from '@bufbuild/protobuf'
import { FrameworkService } from '@jejak/proto/jejak/assessment/v1/framework'
import {
  CohortSchema,
  type Program,
  ProgramSchema,
  ProgramService,
} from '@jejak/proto/jejak/enrollment/v1/program'
import type { Client, Connection } from '@jejak/rpc/client'
import { fileText } from '@jejak/texts/files'
import { allPages } from '../terminal/connection.ts'
import { CommandFailed } from '../terminal/exit.ts'
import { bearerOf } from '../terminal/tokens.ts'
import { requestIdOf } from './request-id.ts'

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
    const values = { path, why: (error as Error).message }
    throw new CommandFailed('BrokenFile', fileText({ key: 'broken-programme', values }))
  }
}

type Frameworks = Client<typeof FrameworkService>

/**
 * Enrollment doesn't know the dictionaries, and what is published can't be changed: a target that
 * no dictionary has would withhold every certificate.
 */
const checkTargets = async (
  connection: Connection,
  { targets }: Pick<Program, 'targets'>,
): Promise<void> => {
  const client = connection.client(FrameworkService)
  const frameworks = await idsOf(client)
  const wrong: string[] = []
  for (const [at, { framework, competency }] of targets.entries()) {
    const field = `program.targets[${at}]`
    if (!frameworks.includes(framework)) {
      const values = { field: `${field}.framework`, name: framework, there: frameworks }
      wrong.push(fileText({ key: 'no-dictionary', values }))
      continue
    }
    const codes = await codesOf(client, framework)
    if (codes.includes(competency)) continue
    const values = { field: `${field}.competency`, framework, name: competency, there: codes }
    wrong.push(fileText({ key: 'no-competency', values }))
  }
  if (wrong.length === 0) return
  throw new CommandFailed('UnknownTarget', [fileText('nothing-published'), ...wrong].join('\n  '))
}

const idsOf = (client: Frameworks): Promise<readonly string[]> =>
  allPages(async pageToken => {
    const { frameworks, nextPageToken } = await client.listFrameworks({ pageToken })
    return [frameworks.map(({ frameworkId }) => frameworkId), nextPageToken]
  })

const codesOf = async (client: Frameworks, frameworkId: string): Promise<readonly string[]> => {
  const { framework } = await client.getFramework({ frameworkId })
  // Conduct has no levels: no target can be of it.
  if (framework?.withoutLevels) return []
  return framework?.competencies.map(({ code }) => code) ?? []
}
