import { createPrivateKey, hash, sign } from 'node:crypto'

/**
 * For tests only: a second, slow implementation straight from the text of RFC 6962 and the C2SP
 * formats. It imports nothing of the package, so that a mistake would have to be made twice.
 */

const sha256 = (...parts: readonly Uint8Array[]): Buffer =>
  Buffer.from(hash('sha256', Buffer.concat(parts), 'hex'), 'hex')

/** RFC 6962 section 2.1: the Merkle tree hash of a list of entries. */
export const mth = (entries: readonly Uint8Array[]): Buffer => {
  const [first] = entries
  if (first === undefined) return sha256()
  if (entries.length === 1) return sha256(Buffer.of(0), first)
  const k = split(entries.length)
  return sha256(Buffer.of(1), mth(entries.slice(0, k)), mth(entries.slice(k)))
}

/** Section 2.1.1: the audit path of the entry at `m`. */
export const auditPath = (m: number, entries: readonly Uint8Array[]): Buffer[] => {
  if (entries.length <= 1) return []
  const k = split(entries.length)
  const [left, right] = [entries.slice(0, k), entries.slice(k)]
  return m < k ? [...auditPath(m, left), mth(right)] : [...auditPath(m - k, right), mth(left)]
}

/** Section 2.1.2: that the first `m` entries begin all of them, for 0 < m < n. */
export const consistencyProof = (m: number, entries: readonly Uint8Array[]): Buffer[] =>
  subproof(m, entries, true)

const subproof = (m: number, entries: readonly Uint8Array[], whole: boolean): Buffer[] => {
  if (m === entries.length) return whole ? [] : [mth(entries)]
  const k = split(entries.length)
  const [left, right] = [entries.slice(0, k), entries.slice(k)]
  if (m <= k) return [...subproof(m, left, whole), mth(right)]
  return [...subproof(m - k, right, false), mth(left)]
}

/** The largest power of two below n. */
const split = (n: number): number => {
  let k = 1
  while (k * 2 < n) k *= 2
  return k
}

export const origin = 'log.example/kompetensi-2026'
const seed = sha256(Buffer.from('a key for tests, known to everybody'))
const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed])
const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })
const publicKey = Buffer.from(key.export({ format: 'jwk' }).x as string, 'base64url')
const id = sha256(Buffer.from(`${origin}\n`), Buffer.of(1), publicKey).subarray(0, 4)
const keyText = (bytes: Uint8Array): string =>
  `${origin}+${id.toString('hex')}+${Buffer.concat([Buffer.of(1), bytes]).toString('base64')}`

export const vkey = keyText(publicKey)
export const signingKey = `PRIVATE+KEY+${keyText(seed)}`

/** A cosigner's key: type 4, with an id that says so. */
export const witnessVkey = (name: string, publicKey: Uint8Array): string => {
  const typed = Buffer.concat([Buffer.of(4), publicKey])
  const id = sha256(Buffer.from(`${name}\n`), typed).toString('hex', 0, 4)
  return `${name}+${id}+${typed.toString('base64')}`
}

export const note = (text: string): string => {
  const signature = Buffer.concat([id, sign(null, Buffer.from(text), key)])
  return `${text}\n— ${origin} ${signature.toString('base64')}\n`
}

export const checkpoint = (size: number, root: Uint8Array): string =>
  note(`${origin}\n${size}\n${Buffer.from(root).toString('base64')}\n`)

/** Different lengths, the empty entry too. */
export const someEntries = (size: number): Buffer[] =>
  Array.from({ length: size }, (_, index) => Buffer.from(`${index} `.repeat(index % 7), 'utf8'))

/** The files of an exported log, by path. */
export type Files = Map<string, Buffer>

export const exportLog = (entries: readonly Uint8Array[]): Files => {
  const files: Files = new Map()
  for (let start = 0; start < entries.length; start += 256) {
    const bundle = entries.slice(start, start + 256).flatMap(entry => [length(entry), entry])
    files.set(path('entries', start / 256, entries.length - start), Buffer.concat(bundle))
  }
  let hashes = entries.map(entry => mth([entry]))
  for (let level = 0; hashes.length > 0; level++) {
    const above: Buffer[] = []
    for (let start = 0; start < hashes.length; start += 256) {
      const tile = hashes.slice(start, start + 256)
      files.set(path(String(level), start / 256, tile.length), Buffer.concat(tile))
      if (tile.length === 256) above.push(perfect(tile))
    }
    hashes = above
  }
  files.set('vkey', Buffer.from(`${vkey}\n`))
  files.set('checkpoint', Buffer.from(checkpoint(entries.length, mth(entries))))
  return files
}

const length = (entry: Uint8Array): Buffer => Buffer.of(entry.length >> 8, entry.length & 255)

const perfect = (hashes: readonly Buffer[]): Buffer => {
  const [only] = hashes
  if (hashes.length === 1 && only !== undefined) return only
  const half = hashes.length / 2
  return sha256(Buffer.of(1), perfect(hashes.slice(0, half)), perfect(hashes.slice(half)))
}

const path = (level: string, index: number, width: number): string => {
  const digits = String(index).padStart(Math.ceil(String(index).length / 3) * 3, '0')
  const groups = digits.match(/.../g) ?? []
  const name = groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join('/')
  return `tile/${level}/${name}${width < 256 ? `.p/${width}` : ''}`
}

/** The same files but for one. */
export const withFile = (files: Files, path: string, bytes: Buffer): Files =>
  new Map(files).set(path, bytes)

export const without = (files: Files, path: string): Files => {
  const rest = new Map(files)
  rest.delete(path)
  return rest
}

export const flip = (bytes: Uint8Array, bit: number): Buffer => {
  const flipped = Buffer.from(bytes)
  flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
  return flipped
}

export const at = (files: Files, path: string): Buffer => {
  const bytes = files.get(path)
  if (bytes === undefined) throw new Error(`the test has no ${path}`)
  return bytes
}
