import { decimal } from './encoding.ts'

/** The files of a tiled log (c2sp.org/tlog-tiles): their paths, and what is in a bundle. */

/** How many hashes a full tile holds, and how many entries a full bundle. */
export const tileWidth = 256

const levelMax = 63

/** A tile of hashes, or a bundle of entries. `width` is 256, or less for a partial one. */
export type TileName = { readonly index: number; readonly width: number } & (
  | { readonly kind: 'hashes'; readonly level: number }
  | { readonly kind: 'entries' }
)

export const tilePath = (level: number, index: number, width = tileWidth): string =>
  `tile/${level}/${groups(index)}${suffix(width)}`

export const entriesPath = (index: number, width = tileWidth): string =>
  `tile/entries/${groups(index)}${suffix(width)}`

/** How wide the partial tile at a level is in a log of this size; 0 if there is none. */
export const partialWidth = (level: number, size: number): number =>
  fullTilesBelow(level, size) % tileWidth

/** How many full tiles a level has in a log of this size. */
export const fullTiles = (level: number, size: number): number => fullTilesBelow(level + 1, size)

/** Reads what `tilePath` and `entriesPath` write, and no other spelling. */
export const parsePath = (path: string): TileName | undefined => {
  const found = /^tile\/(entries|[0-9]+)\/((?:x[0-9]{3}\/)*[0-9]{3})(?:\.p\/([0-9]+))?$/.exec(path)
  if (found === null) return undefined
  const [, level = '', digits = '', partial] = found
  const index = Number(digits.replace(/[x/]/g, ''))
  const width = partial === undefined ? tileWidth : decimal(partial)
  if (!Number.isSafeInteger(index) || groups(index) !== digits) return undefined
  if (width === undefined || width === 0) return undefined
  if (partial !== undefined && width >= tileWidth) return undefined
  if (level === 'entries') return { kind: 'entries', index, width }
  const parsed = decimal(level)
  if (parsed === undefined || parsed > levelMax) return undefined
  return { kind: 'hashes', level: parsed, index, width }
}

/** A bundle has 16 bits for the length of an entry. */
export const entryBytesMax = 0xffff

export const bundleBytesMax = (width: number): number => width * (2 + entryBytesMax)

/**
 * Reads an entry bundle: exactly `width` entries, each after its length in 16 bits, and nothing
 * more. Undefined if the bytes are not that. The entries are views of the bundle.
 */
export const decodeBundle = (bundle: Uint8Array, width: number): Uint8Array[] | undefined => {
  const entries: Uint8Array[] = []
  let at = 0
  while (entries.length < width) {
    const high = bundle[at]
    const low = bundle[at + 1]
    if (high === undefined || low === undefined) return undefined
    const start = at + 2
    at = start + high * 256 + low
    entries.push(bundle.subarray(start, at))
  }
  return at === bundle.length ? entries : undefined
}

const fullTilesBelow = (level: number, size: number): number =>
  Math.floor(size / tileWidth ** level)

/** 1234067 is `x001/x234/067`, so that no directory is also a file. */
const groups = (index: number): string => {
  const last = String(index % 1000).padStart(3, '0')
  if (index < 1000) return last
  return `${directories(Math.floor(index / 1000))}/${last}`
}

const directories = (index: number): string => {
  const last = `x${String(index % 1000).padStart(3, '0')}`
  return index < 1000 ? last : `${directories(Math.floor(index / 1000))}/${last}`
}

const suffix = (width: number): string => (width === tileWidth ? '' : `.p/${width}`)
