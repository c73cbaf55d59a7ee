import { hashBytes } from './hash.ts'
import { cosignatureTime, isKeyName, type Signer, type VerifierKey } from './key.ts'
import { Refusal } from './refusal.ts'
import { decimal, fromBase64, toBase64, unicode } from './strict.ts'

/** A log at one size: what a checkpoint signs (c2sp.org/tlog-checkpoint). */
export type Head = { readonly origin: string; readonly size: number; readonly root: Uint8Array }

/** A head whose signatures by the known keys were all verified. */
export type Checkpoint = Head & {
  /** The signed text: three lines and the extension lines, each with its newline. */
  readonly text: string
  readonly extensions: readonly string[]
  /** By the log itself, once a key. */
  readonly signatures: readonly { readonly name: string; readonly id: string }[]
  /** By known witnesses, once a key. `time` is what the witness states. */
  readonly cosignatures: readonly {
    readonly name: string
    readonly id: string
    readonly time: Date
  }[]
}

/**
 * A note with more is not read: sixteen lines must be accepted, and sumdb refuses over a hundred.
 */
const signatureLinesMax = 100
const noteCharactersMax = 1_000_000

export const checkpointText = ({ origin, size, root }: Head): string =>
  `${origin}\n${size}\n${toBase64(root)}\n`

/** The signed note of a head. The head comes from ourselves: a wrong one is a bug. */
export const signCheckpoint = (head: Head, signer: Signer): string => {
  if (head.origin !== signer.name) {
    throw new RangeError(`${signer.name} does not sign for ${head.origin}`)
  }
  if (!Number.isSafeInteger(head.size) || head.size < 0) throw new RangeError('not a log size')
  if (head.root.length !== hashBytes) throw new RangeError('not a root hash')
  const text = checkpointText(head)
  return `${text}\n${signatureLine(signer.name, signer.id, signer.sign(Buffer.from(text)))}`
}

export const signatureLine = (name: string, id: string, signature: Uint8Array): string =>
  `— ${name} ${toBase64(Buffer.concat([Buffer.from(id, 'hex'), signature]))}\n`

/**
 * Verifies a checkpoint against the keys the caller knows, or throws a `Refusal`. A log key of the
 * checkpoint's own origin must have signed. Signatures by other keys are ignored; one by a known
 * key that doesn't verify refuses the whole note.
 */
export const openCheckpoint = (
  note: string | Uint8Array,
  keys: readonly VerifierKey[],
): Checkpoint => {
  const { text, lines } = splitNote(note)
  const head = parseHead(text)
  const verified = verifyLines(Buffer.from(text), lines, keys)
  const byLogs = verified.filter(({ key }) => key.kind === 'ed25519')
  if (byLogs.length === 0) throw new Refusal('Unsigned', 'no known log has signed the checkpoint')
  const own = byLogs.filter(({ key }) => key.name === head.origin)
  if (own.length === 0) {
    throw new Refusal('WrongOrigin', `the origin ${head.origin} is not that of the key`)
  }
  const cosignatures = verified
    .filter(({ key }) => key.kind === 'cosignature')
    .map(({ key, signature }) => ({ name: key.name, id: key.id, time: timeOf(key, signature) }))
  const signatures = own.map(({ key }) => ({ name: key.name, id: key.id }))
  return { ...head, text, signatures, cosignatures }
}

const splitNote = (note: string | Uint8Array) => {
  if (note.length > noteCharactersMax) throw malformed('longer than a note may be')
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
  if (root?.length !== hashBytes) throw malformed('the root is not a base64 hash')
  if (rest.includes('')) throw malformed('an empty line in the text')
  return { origin, size, root, extensions: rest }
}

type Verified = { readonly key: VerifierKey; readonly signature: Buffer }

const verifyLines = (text: Buffer, lines: readonly string[], keys: readonly VerifierKey[]) => {
  const verified = new Map<VerifierKey, Verified>() // A key that signs twice counts once.
  for (const line of lines) {
    const { name, id, signature } = parseSignature(line)
    const key = keys.find(known => known.name === name && known.id === id)
    if (key === undefined) continue
    if (!key.verify(text, signature)) {
      throw new Refusal('BadSignature', `the signature by ${name}+${id} does not verify`)
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
    throw new Refusal('BadSignature', `the time stated by ${key.name} is out of range`)
  }
  return time
}

const malformed = (detail: string) => new Refusal('MalformedNote', `malformed note: ${detail}`)
