import { type Checkpoint, openCheckpoint } from './checkpoint.ts'
import { decimal, fromBase64, toBase64, unicode } from './encoding.ts'
import { isHash, leafHash } from './hash.ts'
import type { VerifierKey } from './key.ts'
import { verifyInclusion } from './proof.ts'
import { VerificationError } from './verification-error.ts'

/** Proof that a log holds an entry: c2sp.org/tlog-proof@v1, verified offline with its key. */
export type Receipt = {
  readonly index: number
  /** The leaf's sibling first. */
  readonly proof: readonly Uint8Array[]
  /** The signed note, verbatim. */
  readonly checkpoint: string
  /** Nobody signs it. */
  readonly extra?: Uint8Array
}

const firstLine = 'c2sp.org/tlog-proof@v1'

/** A log of 2^63 entries needs no more. */
const proofHashesMax = 63

/** No file of a receipt need be read any further. */
export const receiptBytesMax = 2_000_000

/** Encodes each hash once: the receipts of one batch share most of their hashes. */
export const base64Cache = () => {
  const spelled = new Map<Uint8Array, string>()
  return (hash: Uint8Array): string => {
    const text = spelled.get(hash) ?? toBase64(hash)
    spelled.set(hash, text)
    return text
  }
}

/** Formats our own values. It is on the path of every append, and checks nothing. */
export const formatReceipt = (
  { index, proof, checkpoint, extra }: Receipt,
  spell: (hash: Uint8Array) => string = toBase64,
): string => {
  let text = `${firstLine}\n`
  if (extra !== undefined && extra.length > 0) text += `extra ${toBase64(extra)}\n`
  text += `index ${index}\n`
  for (const hash of proof) text += `${spell(hash)}\n`
  return `${text}\n${checkpoint}`
}

/** Reads the format only, or throws a `VerificationError`: nothing is verified yet. */
export const parseReceipt = (input: string | Uint8Array): Receipt => {
  if (input.length > receiptBytesMax) throw malformed('longer than a receipt may be')
  const text = unicode(input)
  if (text === undefined) throw malformed('not valid UTF-8')
  const split = text.indexOf('\n\n')
  if (split === -1) throw malformed('no blank line before the checkpoint')
  const [first, ...lines] = text.slice(0, split).split('\n')
  if (first !== firstLine) throw malformed(`the first line is not ${firstLine}`)
  const extra = lines[0]?.startsWith('extra ') ? parseExtra(lines.shift()) : undefined
  const index = parseIndex(lines.shift())
  if (lines.length > proofHashesMax) throw malformed('more hashes than a proof can have')
  const checkpoint = text.slice(split + 2)
  return { index, proof: lines.map(parseHash), checkpoint, ...(extra && { extra }) }
}

/**
 * Verifies that the log of a given key holds exactly these bytes, or throws a `VerificationError`.
 * Answers the entry's index, and the checkpoint that vouches for it.
 */
export const verifyReceipt = (
  receipt: string | Uint8Array,
  entry: Uint8Array,
  keys: readonly VerifierKey[],
): { readonly index: number; readonly checkpoint: Checkpoint } => {
  const { index, proof, checkpoint: note } = parseReceipt(receipt)
  const checkpoint = openCheckpoint(note, keys)
  const { size, root } = checkpoint
  if (!verifyInclusion({ index, size, leaf: leafHash(entry), root, proof })) {
    throw new VerificationError(
      'NotIncluded',
      `the entry is not at ${index} in the log of size ${size}`,
    )
  }
  return { index, checkpoint }
}

const parseExtra = (line = ''): Buffer => {
  const extra = fromBase64(line.slice('extra '.length))
  if (extra === undefined || extra.length === 0) throw malformed('the extra data is not base64')
  return extra
}

const parseIndex = (line = ''): number => {
  const index = line.startsWith('index ') ? decimal(line.slice('index '.length)) : undefined
  if (index === undefined) throw malformed('no index line')
  return index
}

const parseHash = (line: string): Buffer => {
  const hash = fromBase64(line)
  if (hash === undefined || !isHash(hash))
    throw malformed('a line of the proof is not a base64 hash')
  return hash
}

const malformed = (detail: string) =>
  new VerificationError('MalformedReceipt', `malformed receipt: ${detail}`)
