import { FrameworkService } from '@jejak/proto/jejak/assessment/v1/framework'
import type { Program } from '@jejak/proto/jejak/enrollment/v1/program'
import type { Client, Connection } from '@jejak/rpc/client'
import { CommandFailed } from '../terminal/exit.ts'

type Frameworks = Client<typeof FrameworkService>

/**
 * Enrollment doesn't know the dictionaries, and what is published can't be changed: a target that
 * there is not would withhold every certificate.
 */
export const checkTargets = async (
  connection: Connection,
  { targets }: Pick<Program, 'targets'>,
): Promise<void> => {
  const client = connection.client(FrameworkService)
  const frameworks = await idsOf(client)
  const wrong: string[] = []
  for (const [at, { framework, competency }] of targets.entries()) {
    const field = `program.targets[${at}]`
    if (!frameworks.includes(framework)) {
      const there = frameworks.join(', ')
      wrong.push(`${field}.framework: there is no dictionary ${framework}; there are ${there}`)
      continue
    }
    const codes = await codesOf(client, framework)
    if (codes.includes(competency)) continue
    const there = codes.join(', ')
    wrong.push(`${field}.competency: ${framework} has no ${competency}; it has ${there}`)
  }
  if (wrong.length === 0) return
  throw new CommandFailed('UnknownTarget', ['nothing is published:', ...wrong].join('\n  '))
}

const idsOf = async (client: Frameworks): Promise<readonly string[]> => {
  const ids: string[] = []
  for (let pageToken = ''; ; ) {
    const { frameworks, nextPageToken } = await client.listFrameworks({ pageToken })
    ids.push(...frameworks.map(({ frameworkId }) => frameworkId))
    if (nextPageToken === '') return ids
    pageToken = nextPageToken
  }
}

const codesOf = async (client: Frameworks, frameworkId: string): Promise<readonly string[]> => {
  const { framework } = await client.getFramework({ frameworkId })
  return framework?.competencies.map(({ code }) => code) ?? []
}
