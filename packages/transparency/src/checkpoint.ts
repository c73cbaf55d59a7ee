import { decimal, fromBase64, toBase64, unicode } from './encoding.ts'
import { isHash } from './hash.ts'
import { cosignatureTime, isKeyName, type Signer, type VerifierKey } from './key.ts'
import { VerificationError } from './verification-error.ts'

/** A log at one size: what a checkpoint signs (c2sp.org/tlog-checkpoint). */
export type TreeHead = { readonly origin: string; readonly size: number; readonly root: Uint8Array }

/** A head whose signatures by the known keys were all verified. */
export type Checkpoint = TreeHead & {
  /** The signed text: three lines and the extension lines, each with its newline. */
  readonly text: string
  readonly extensions: readonly string[]
  /** Signatures of the log itself, one for each key. */
  readonly signatures: readonly { readonly name: string; readonly id: string }[]
  /** Signatures of known witnesses, one for each key. `time` is what the witness states. */
  readonly cosignatures: readonly {
    readonly name: string
    readonly id: string
    readonly time: Date
  }[]
}

/**
 * The specification asks for at least sixteen lines, and sumdb refuses over a hundred.
 */
export const signatureLinesMax = 100

/** No file of a note need be read any further. */
export const noteBytesMax = 1_000_000

const checkpointText = ({ origin, size, root }: TreeHead): string =>
  `${origin}\n${size}\n${toBase64(root)}\n`

/** The signed note of a head. The head is our own: a wrong one is a bug. */
export const signCheckpoint = (head: TreeHead, signer: Signer): string => {
  if (head.origin !== signer.name) {
    throw new RangeError(`${signer.name} does not sign for ${head.origin}`)
  }
  if (!Number.isSafeInteger(head.size) || head.size < 0) throw new RangeError('not a log size')
  if (!isHash(head.root)) throw new RangeError('not a root hash')
  const text = checkpointText(head)
  return `${text}\n${signatureLine(signer.name, signer.id, signer.sign(Buffer.from(text)))}`
}

export const signatureLine = (name: string, id: string, signature: Uint8Array): string =>
  `— ${name} ${toBase64(Buffer.concat([Buffer.from(id, 'hex'), signature]))}\n`

/**
 * Verifies a checkpoint against the keys the caller knows, or throws a
 * `VerificationError`. A log key of the checkpoint's own origin must have signed. Signatures by
 * other keys are ignored. A signature by a known key that doesn't verify refuses the whole note.
 */
export const openCheckpoint = (
  note: string | Uint8Array,
  keys: readonly VerifierKey[],
): Checkpoint => {
  const { text, lines } = splitNote(note)
  const head = parseHead(text)
  const verified = verifyLines(Buffer.from(text), lines, keys)
  const byLogs = verified.filter(({ key }) => key.kind === 'ed25519')
  if (byLogs.length === 0)
    throw new VerificationError('Unsigned', 'no known log has signed the checkpoint')
  const own = byLogs.filter(({ key }) => key.name === head.origin)
  if (own.length === 0) {
    throw new VerificationError('WrongOrigin', `the origin ${head.origin} is not that of the key`)
  }
  const cosignatures = verified
    .filter(({ key }) => key.kind === 'cosignature')
    .map(({ key, signature }) => ({ name: key.name, id: key.id, time: timeOf(key, signature) }))
  const signatures = own.map(({ key }) => ({ name: key.name, id: key.id }))
  return { ...head, text, signatures, cosignatures }
}

const splitNote = (note: string | Uint8Array) => {
  if (note.length > noteBytesMax) throw malformed('longer than a note may be')
  const all = unicode(note)
  if (all === undefined) throw malformed('not valid UTF-8')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is control characters we look for
  if (/[\x00-\x09\x0b-\x1f]/.test(all)) throw malformed('a control character')
  const split = all.lastIndexOf('\n\n')
  if (split === -1) throw malformed('no blank line before the signatures')
  const lines = all.slice(split + 2).split('\n')
  if (lines.pop() !== '' || lines.length === 0) throw malformed('no newline after the signatures')
  if (lines.length > signatureLinesMax) throw malformed('too many signatures')
  return { text: all.slice(0, split + 1), lines }
}

const parseHead = (text: string) => {
  const [origin = '', sizeLine = '', rootLine = '', ...rest] = text.slice(0, -1).split('\n')
  const size = decimal(sizeLine)
  const root = fromBase64(rootLine)
  if (origin === '') throw malformed('no origin')
  if (size === undefined) throw malformed('the size is not a decimal number')
  if (root === undefined || !isHash(root)) throw malformed('the root is not a base64 hash')
  if (rest.includes('')) throw malformed('an empty line in the text')
  return { origin, size, root, extensions: rest }
}

type VerifiedLine = { readonly key: VerifierKey; readonly signature: Buffer }

const verifyLines = (text: Buffer, lines: readonly string[], keys: readonly VerifierKey[]) => {
  const verified = new Map<VerifierKey, VerifiedLine>() // A key that signs twice counts once.
  for (const line of lines) {
    const { name, id, signature } = parseSignature(line)
    const key = keys.find(known => known.name === name && known.id === id)
    if (key === undefined) continue
    if (!key.verify(text, signature)) {
      throw new VerificationError('BadSignature', `the signature by ${name}+${id} does not verify`)
    }
    verified.set(key, { key, signature })
  }
  return [...verified.values()]
}

const parseSignature = (line: string) => {
  const [dash, name = '', encoded = '', ...rest] = line.split(' ')
  const bytes = fromBase64(encoded)
  if (dash !== '—' || rest.length > 0 || !isKeyName(name)) throw malformed('a signature line')
  if (bytes === undefined || bytes.length < 5) throw malformed('a signature is not base64')
  return { name, id: bytes.toString('hex', 0, 4), signature: bytes.subarray(4) }
}

const timeOf = (key: VerifierKey, signature: Buffer): Date => {
  const time = new Date(Number(cosignatureTime(signature)) * 1000)
  if (Number.isNaN(time.getTime())) {
    throw new VerificationError('BadSignature', `the time stated by ${key.name} is out of range`)
  }
  return time
}

const malformed = (detail: string) =>
  new VerificationError('MalformedNote', `malformed note: ${detail}`)
