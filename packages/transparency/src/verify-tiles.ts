import { LogFindingError, refused, unusable } from './finding.ts'
import { emptyRoot, hashBytes, leafHash } from './hash.ts'
import { bundleBytesMax, decodeBundle, entriesPath, tilePath, tileWidth } from './tile-files.ts'
import { type RebuiltTile, VerifierTree } from './verifier-tree.ts'

/** The files of an exported log, and who wants to see what is in them. */
export type LogFiles = {
  /**
   * Reads a file by its path in the directory; undefined if there is none. What is no file, or has
   * more than `bytesMax` bytes, must not be read: it throws `malformedFile`.
   */
  readonly read: (path: string, bytesMax: number) => Promise<Uint8Array | undefined>
  /**
   * Called for each entry, in order, once it matches its leaf; a sentence in answer refuses it. The
   * entry is a view of its bundle: whoever keeps it, copies it.
   */
  readonly visit?: (index: number, entry: Uint8Array) => string | undefined
  /** Entries verified so far, and entries in the log. */
  readonly progress?: (done: number, total: number) => void
}

/**
 * Verifies every bundle against its tile and every tile against those below, up to `size`, in one
 * pass. Answers the roots of the log at the requested sizes. Throws `Found`.
 */
export const verifyTiles = async (
  source: LogFiles,
  size: number,
  sizes: readonly number[],
): Promise<ReadonlyMap<number, Buffer>> => {
  const roots = new Map([[0, emptyRoot]])
  const tree = new VerifierTree()
  const leaves = Buffer.alloc(tileWidth * hashBytes) // One for all rows.
  for await (const row of rows(source, size)) {
    const end = row.start + row.width
    verifyRow(row, leaves)
    visitRow(source, row)
    for (const wanted of sizes) {
      if (wanted <= row.start || wanted > end) continue
      roots.set(wanted, tree.rootWith(leaves, wanted - row.start))
    }
    if (row.width === tileWidth) {
      for (const tile of tree.add(leaves)) await verifyTile(source, tile)
    }
    source.progress?.(end, size)
  }
  for (const tile of tree.partial()) await verifyTile(source, tile)
  return roots
}

export const loadFile = async (
  source: LogFiles,
  path: string,
  bytesMax: number,
): Promise<Uint8Array | undefined> => {
  try {
    return await source.read(path, bytesMax)
  } catch (error) {
    if (error instanceof LogFindingError) throw error
    throw unusable('Unreadable', path, `${path} can't be read: ${String(error)}`)
  }
}

/** Up to 256 entries, and the level-0 tile with their hashes. */
type Row = {
  readonly start: number
  readonly width: number
  readonly file: string
  readonly tile: string
  readonly entries: readonly Uint8Array[]
  readonly hashes: Uint8Array
}

/** Reads one row ahead, so that the disk and the hashing don't wait for one another. */
async function* rows(source: LogFiles, size: number): AsyncGenerator<Row> {
  let next = size > 0 ? loadRow(source, 0, size) : undefined
  while (next !== undefined) {
    const row: Row = await next
    const end = row.start + row.width
    next = end < size ? loadRow(source, end, size) : undefined
    next?.catch(() => {}) // Nobody awaits it once this row is refused.
    yield row
  }
}

const loadRow = async (source: LogFiles, start: number, size: number): Promise<Row> => {
  const index = start / tileWidth
  const width = Math.min(tileWidth, size - start)
  const file = entriesPath(index, width)
  const tile = tilePath(0, index, width)
  const [bundle, hashes] = await Promise.all([
    loadFile(source, file, bundleBytesMax(width)),
    loadFile(source, tile, width * hashBytes),
  ])
  if (bundle === undefined) throw refused('Missing', { index: start, file }, `${file} is missing`)
  const entries = decodeBundle(bundle, width)
  if (entries === undefined) {
    throw refused(
      'Malformed',
      { index: start, file },
      `${file} is not a bundle of ${width} entries`,
    )
  }
  return { start, width, file, tile, entries, hashes: checkTile(hashes, tile, start, width) }
}

const checkTile = (hashes: Uint8Array | undefined, tile: string, index: number, width: number) => {
  if (hashes === undefined) throw refused('Missing', { index, tile }, `${tile} is missing`)
  if (hashes.length !== width * hashBytes) {
    throw refused('Malformed', { index, tile }, `${tile} is not a tile of ${width} hashes`)
  }
  return hashes
}

const verifyRow = ({ start, width, file, tile, entries, hashes }: Row, leaves: Buffer): void => {
  let at = 0
  for (const entry of entries) {
    leaves.set(leafHash(entry), at)
    at += hashBytes
  }
  const wrong = firstDifference(leaves.subarray(0, width * hashBytes), hashes)
  if (wrong === undefined) return
  const index = start + wrong
  throw refused('LeafMismatch', { index, tile, file }, `entry ${index} is not what ${tile} has`)
}

const visitRow = ({ visit }: LogFiles, { start, file, entries }: Row): void => {
  if (visit === undefined) return
  for (const [at, entry] of entries.entries()) {
    const detail = visit(start + at, entry)
    if (detail !== undefined) throw refused('EntryRefused', { index: start + at, file }, detail)
  }
}

const verifyTile = async (source: LogFiles, rebuilt: RebuiltTile): Promise<void> => {
  const { level, index, width, hashes } = rebuilt
  const tile = tilePath(level, index, width)
  const span = tileWidth ** level // How many entries are under each hash.
  const start = index * tileWidth * span
  const stored = checkTile(await loadFile(source, tile, width * hashBytes), tile, start, width)
  const wrong = firstDifference(hashes, stored)
  if (wrong === undefined) return
  const first = start + wrong * span
  const detail = `${tile} is not what the entries from ${first} hash to`
  throw refused('TileMismatch', { index: first, tile }, detail)
}

/** Index of the first hash in which two tiles of one width differ. */
const firstDifference = (one: Buffer, other: Uint8Array): number | undefined => {
  if (one.equals(other)) return undefined
  const at = one.findIndex((byte, index) => byte !== other[index])
  return Math.floor(at / hashBytes)
}
