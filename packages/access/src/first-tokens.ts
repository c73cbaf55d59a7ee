import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { writeDurably } from '@jejak/storage/durable-file'
import { roles } from './principal.ts'
import type { TokenStore } from './tokens.ts'

/** The tokens that the first start has made, one for each role. */
export const firstTokensFile = (keys: string): string => join(keys, 'tokens')

/** For trying it out: an agency, and a civil servant whose id nobody has yet. */
const firstAgency = 'rsud-daya'

/** One token for each role, in a file that its owner alone can read. */
export const issueFirst = async (
  tokens: Pick<TokenStore, 'list' | 'issueAll'>,
  file: string,
  say: (line: string) => void,
): Promise<void> => {
  if ((await tokens.list()).length > 0) return
  const grants = roles.map(role => ({
    role,
    ...(role === 'agency' && { agency: firstAgency }),
    ...(role === 'asn' && { asnId: randomUUID() }),
    label: 'first start',
  }))
  // The file first: a crash in between would leave tokens that nobody has, and no next first start.
  await tokens.issueAll(grants, issued => {
    const lines = issued.map((token, i) => `${roles[i]} ${token}\n`)
    writeDurably(file, lines.join(''))
  })
  say(`made ${file}: a token for each role, to be replaced before real use`)
}
