// tidy: codes must stay the same for ever, so that they are tested by themselves
import { hash } from 'node:crypto'
import { codeLengthMax } from '@jejak/events/patterns'

/** A published term as a code: `F.2.1` is `f-2-1`; empty if it has no Latin letters or digits. */
export const slugOf = (text: string): string =>
  text
    .slice(0, 1000)
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')

const digestOf = (identifier: string) => hash('sha256', identifier).slice(0, 8)

const fitting = (code: string, ending: string): string =>
  `${code.slice(0, codeLengthMax - ending.length).replace(/-$/, '')}${ending}`

type Named = { readonly identifier: string; readonly scheme?: string | undefined }

/**
 * The codes of items, by their identifiers: of the human coding scheme, else of the identifier.
 * Those that would be alike all end in a digest of their identifier. None depends on the order, so
 * that the same package has the same codes each time.
 */
export const codesOf = (items: readonly Named[]): ReadonlyMap<string, string> => {
  const wanted = items.map(({ identifier, scheme }) => {
    const code = slugOf(scheme ?? '') || slugOf(identifier) || `item-${digestOf(identifier)}`
    return [identifier, code] as const
  })
  const counts = new Map<string, number>()
  for (const [, code] of wanted) counts.set(code, (counts.get(code) ?? 0) + 1)
  return new Map(
    wanted.map(([identifier, code]) => {
      const alone = counts.get(code) === 1 && code.length <= codeLengthMax
      return [identifier, alone ? code : fitting(code, `-${digestOf(identifier)}`)]
    }),
  )
}
