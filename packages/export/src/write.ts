import type { Signer } from '@jejak/transparency/key'
import type { Format, Head, Manifest } from './manifest.ts'
import type { SiasnKursus } from './siasn-kursus.ts'

/** What an export is made of. */
export type Export = {
  readonly rows: AsyncIterable<SiasnKursus>
  readonly fields: readonly (keyof SiasnKursus)[]
  readonly format: Format
  readonly name: 'siasn-kursus'
  /** Is made; must not hold an export yet. */
  readonly dir: string
  readonly query: Readonly<Record<string, string | number>>
  readonly exportId: string
  /** RFC 3339. */
  readonly madeAt: string
  readonly heads: readonly Head[]
  /** The key of the reporting log. */
  readonly signer: Signer
  /** The SHA-256 of the earlier manifest. */
  readonly supersedes?: string
}

export const writeExport = async (_: Export): Promise<Manifest> => {
  throw new Error('not there yet')
}
