import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { openCheckpoint, signCheckpoint, type TreeHead } from './checkpoint.ts'
import { generateKey, parseSigner, parseVerifier } from './key.ts'
import {
  checkpoint as naiveCheckpoint,
  note as naiveNote,
  signingKey,
  vkey,
  witnessVkey,
} from './testing/naive.ts'
import { VerificationError } from './verification-error.ts'

const signer = parseSigner(signingKey)
const known = [parseVerifier(vkey)]
const head: TreeHead = { origin: signer.name, size: 20852163, root: Buffer.alloc(32, 7) }
const signed = signCheckpoint(head, signer)
const [text, line] = [signed.slice(0, signed.indexOf('\n\n') + 1), signed.split('\n\n')[1] ?? '']
const rootLine = text.split('\n')[2] ?? ''

const problemOf = (note: string | Uint8Array, keys = known): string => {
  try {
    openCheckpoint(note, keys)
    return 'none'
  } catch (error) {
    if (error instanceof VerificationError) return error.problem
    throw error
  }
}

/** A stranger's signature line, well formed. */
const stranger = (index: number): string =>
  `— stranger-${index}.example ${Buffer.alloc(68, index).toString('base64')}\n`

describe('a checkpoint', () => {
  test('is the signed note of C2SP, byte for byte', () => {
    expect(signed).toBe(naiveCheckpoint(head.size, head.root))
  })

  test('opens to what was signed', () => {
    expect(openCheckpoint(Buffer.from(signed), known)).toEqual({
      ...head,
      text,
      extensions: [],
      signatures: [{ name: signer.name, id: signer.id }],
      cosignatures: [],
    })
  })

  test('is signed for its own origin only, and for a size and a root', () => {
    expect(() => signCheckpoint({ ...head, origin: 'other' }, signer)).toThrow(RangeError)
    expect(() => signCheckpoint({ ...head, size: -1 }, signer)).toThrow(RangeError)
    expect(() => signCheckpoint({ ...head, size: 2 ** 53 }, signer)).toThrow(RangeError)
    expect(() => signCheckpoint({ ...head, root: Buffer.alloc(31) }, signer)).toThrow(RangeError)
  })

  test('may have extension lines, which are signed', () => {
    const extended = naiveNote(`${text}extension one\nextension two\n`)
    expect(openCheckpoint(extended, known).extensions).toEqual(['extension one', 'extension two'])
    expect(problemOf(extended.replace('two', 'six'))).toBe('BadSignature')
  })

  test.each([
    ['', 'no origin', `\n1\n${rootLine}\n`],
    ['a size', 'with a leading zero', text.replace('\n2', '\n02')],
    ['a size', 'with a sign', text.replace('\n2', '\n+2')],
    ['a size', 'in hexadecimal', text.replace('20852163', '0x13e2d83')],
    ['a size', 'over 2^53', text.replace('20852163', '9007199254740993')],
    ['a size', 'that is empty', text.replace('20852163', '')],
    ['a root', 'with spare bits set', text.replace('c=', 'd=')],
    ['a root', 'without padding', text.replace('c=', 'c')],
    ['a root', 'of 31 bytes', text.replace(rootLine, Buffer.alloc(31).toString('base64'))],
    ['a root', 'in the alphabet for URLs', text.replace('BwcH', 'Bw-_')],
    ['a root', 'with a space after it', text.replace('c=', 'c= ')],
    ['', 'only two lines', `${signer.name}\n5\n`],
    ['a text', 'with a tab', `${text}\textension\n`],
    ['a text', 'with carriage returns', text.replaceAll('\n', '\r\n')],
    ['a text', 'with an empty line', `${text}\nextension\n`],
  ])('with %s %s is refused though its signature is good', (_, __, wrong) => {
    expect(problemOf(naiveNote(wrong))).toBe('MalformedNote')
  })

  test.each([
    ['is another dash', signed.replace('—', '–')],
    ['is a hyphen', signed.replace('—', '-')],
    ['has two spaces', signed.replace('— ', '—  ')],
    ['has a space after it', signed.replace(/\n$/, ' \n')],
    ['has no newline', signed.slice(0, -1)],
    ['has no newline after another line', (signed + line).slice(0, -1)],
    ['ends in CRLF', signed.replace(/\n$/, '\r\n')],
    ['has spare bits set', signed.replace(/.=\n$/, found => `${next(found[0])}=\n`)],
    ['has no signature', `${text}\n— ${signer.name} \n`],
    ['has only a key id', `${text}\n— ${signer.name} AAAAAA==\n`],
    ['is missing', `${text}\n`],
    ['follows no blank line', `${text}${line}`],
    ['follows two blank lines', `${text}\n\n${line}`],
    ['is followed by an empty one', `${signed}\n`],
  ])('whose signature line %s is refused', (_, wrong) => {
    expect(problemOf(wrong)).toBe('MalformedNote')
  })

  test('with a byte order mark is of another log', () => {
    expect(problemOf(naiveNote(`\ufeff${text}`))).toBe('WrongOrigin')
    expect(problemOf(Buffer.from(naiveNote(`\ufeff${text}`)))).toBe('WrongOrigin')
  })

  test('that is not UTF-8 is refused', () => {
    expect(problemOf(Buffer.concat([Buffer.of(0xff), Buffer.from(signed)]))).toBe('MalformedNote')
    expect(problemOf(`\ud800${signed}`)).toBe('MalformedNote')
  })
})

/** The next letter of base64: the same bytes with a spare bit set, in a lenient decoder's eyes. */
const next = (letter = ''): string => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
  return alphabet[alphabet.indexOf(letter) + 1] ?? ''
}

describe('the signatures of a checkpoint', () => {
  test('by strangers are ignored, a hundred lines at most', () => {
    const strangers = (count: number) =>
      Array.from({ length: count }, (_, i) => stranger(i)).join('')
    expect(problemOf(signed + strangers(16))).toBe('none')
    expect(problemOf(`${text}\n${strangers(99)}${line}`)).toBe('none')
    expect(problemOf(`${text}\n${strangers(100)}${line}`)).toBe('MalformedNote')
    expect(problemOf(`${text}\n${strangers(3)}`)).toBe('Unsigned')
  })

  test("that share only the name or only the id with a known key are a stranger's", () => {
    const bytes = Buffer.alloc(68)
    expect(problemOf(`${signed}— ${signer.name} ${bytes.toString('base64')}\n`)).toBe('none')
    bytes.write(signer.id, 'hex')
    expect(problemOf(`${signed}— other.example ${bytes.toString('base64')}\n`)).toBe('none')
    expect(problemOf(`${signed}— ${signer.name} ${bytes.toString('base64')}\n`)).toBe(
      'BadSignature',
    )
  })

  test('by a known key must verify, each of them', () => {
    expect(problemOf(signed.replace('20852163', '20852164'))).toBe('BadSignature')
    expect(problemOf(signed + line)).toBe('none')
    expect(openCheckpoint(signed + line, known).signatures).toHaveLength(1)
  })

  test('must come from the log that the origin names', () => {
    const other = parseSigner(generateKey('other.example'))
    const keys = [...known, parseVerifier(other.vkey)]
    expect(problemOf(signed, [parseVerifier(other.vkey)])).toBe('Unsigned')
    const id = Buffer.from(other.id, 'hex')
    const signature = Buffer.concat([id, other.sign(Buffer.from(text))]).toString('base64')
    const foreign = `— other.example ${signature}\n`
    expect(problemOf(`${text}\n${foreign}`, keys)).toBe('WrongOrigin')
    expect(openCheckpoint(signed + foreign, keys).signatures.map(({ name }) => name)).toEqual([
      signer.name,
    ])
  })
})

describe('a cosignature', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url')
  const witness = parseVerifier(witnessVkey('witness.example', raw))
  const id = Buffer.from(witness.id, 'hex')

  const cosign = (time: number | bigint, key: KeyObject = privateKey, stated = time): string => {
    const signature = sign(null, Buffer.from(`cosignature/v1\ntime ${time}\n${text}`), key)
    const timestamp = Buffer.alloc(8)
    timestamp.writeBigUInt64BE(BigInt(stated))
    const bytes = Buffer.concat([id, timestamp, signature])
    return `— witness.example ${bytes.toString('base64')}\n`
  }

  test('says when a known witness saw the checkpoint', () => {
    expect(openCheckpoint(signed + cosign(1679315147), [...known, witness]).cosignatures).toEqual([
      { name: 'witness.example', id: witness.id, time: new Date('2023-03-20T12:25:47Z') },
    ])
  })

  test('counts once, however often the witness signed', () => {
    const twice = signed + cosign(1) + cosign(2)
    expect(openCheckpoint(twice, [...known, witness]).cosignatures).toHaveLength(1)
  })

  test('does not stand in for the signature of the log', () => {
    expect(problemOf(`${text}\n${cosign(1)}`, [...known, witness])).toBe('Unsigned')
  })

  test('refuses the checkpoint when it is not by the witness, or states another time', () => {
    const keys = [...known, witness]
    const other = generateKeyPairSync('ed25519').privateKey
    expect(problemOf(signed + cosign(1, other), keys)).toBe('BadSignature')
    expect(problemOf(signed + cosign(1, privateKey, 2), keys)).toBe('BadSignature')
    expect(problemOf(signed + cosign(2n ** 62n), keys)).toBe('BadSignature')
  })

  test("is a stranger's to whoever does not know the witness", () => {
    expect(openCheckpoint(signed + cosign(1), known).cosignatures).toEqual([])
  })
})
