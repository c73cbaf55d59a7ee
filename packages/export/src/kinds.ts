import type { ExportKind } from './kind.ts'
import { siasnKursus } from './siasn-kursus.ts'

/** All kinds that there are. A manifest has the name of one of them. */
export const exportKinds: readonly ExportKind[] = [siasnKursus]

export const exportKindOf = (name: string, kinds = exportKinds): ExportKind => {
  const kind = kinds.find(kind => kind.name === name)
  if (!kind) throw new Error(`there is no export ${name}`)
  return kind
}
