import type {
  FrameworkService,
  GetFrameworkResponse,
} from '@jejak/proto/jejak/assessment/v1/framework'
import type { Client } from '@jejak/rpc/client'
import { optionText } from '@jejak/texts/help'
import type { Command } from 'commander'
import { harmless } from '../commands/parked.ts'
import { allPages, type ConnectionOptions, connectionOptions } from '../terminal/connection.ts'

/** What all commands about dictionaries are given. */
export type FrameworkOptions = ConnectionOptions & { readonly json?: true }
export type Frameworks = Client<typeof FrameworkService>

export const frameworkCalls = (command: Command): Command =>
  connectionOptions(command).option('--json', optionText('as-json'))

export const printLines = (lines: readonly string[]): void =>
  console.log(lines.map(line => harmless(line)).join('\n'))

export const listedFrameworks = (client: Frameworks, series = '') =>
  allPages(async pageToken => {
    const page = await client.listFrameworks({ pageToken, series })
    return [page.frameworks, page.nextPageToken]
  })

/** A dictionary with the competencies of all its pages, and what is known of them. */
export const frameworkWithAll = async (client: Frameworks, frameworkId: string, knownAt = '') => {
  let framework: GetFrameworkResponse['framework']
  const parts = await allPages(async pageToken => {
    const page = await client.getFramework({ frameworkId, pageToken, knownAt })
    framework = page.framework
    return [[page], page.nextPageToken]
  })
  return {
    framework,
    competencies: parts.flatMap(part => part.framework?.competencies ?? []),
    retirements: parts.flatMap(part => part.retirements),
    equivalents: parts.flatMap(part => part.equivalents),
  }
}
