import type {
  FrameworkService,
  GetFrameworkResponse,
} from '@jejak/proto/jejak/assessment/v1/framework'
import type { Client } from '@jejak/rpc/client'
import { allPages } from '../terminal/connection.ts'
import { harmless } from '../terminal/harmless.ts'

export type Frameworks = Client<typeof FrameworkService>

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
