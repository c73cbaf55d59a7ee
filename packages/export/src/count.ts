import type { Format } from './manifest.ts'
import { cellsIn, membersIn } from './read.ts'

/** The rows of a file without its header, or what is wrong with it. */
export const countRows = async (
  format: Format,
  path: string,
  fields: readonly string[],
): Promise<number | string> => {
  let count = 0
  try {
    for await (const cells of namesAndCells(format, path)) {
      const isHeader = count === 0 && format !== 'jsonl'
      const names = isHeader || format === 'jsonl' ? cells : undefined
      if (names && names.join() !== fields.join()) return 'does not have the fields of the manifest'
      count++
    }
  } catch (error) {
    return `can't be read as ${format}: ${(error as Error).message}`
  }
  if (format === 'jsonl') return count
  return count === 0 ? 'does not have a header' : count - 1
}

/** The cells of each row; of JSON Lines, the names of its members. */
async function* namesAndCells(format: Format, path: string): AsyncGenerator<readonly string[]> {
  if (format !== 'jsonl') return yield* cellsIn[format](path)
  for await (const members of membersIn(path)) yield Object.keys(members)
}
