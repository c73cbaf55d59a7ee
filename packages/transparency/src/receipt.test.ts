import { describe, expect, test } from 'vitest'
import { parseVerifier } from './key.ts'
import { formatReceipt, parseReceipt, verifyReceipt } from './receipt.ts'
import { auditPath, checkpoint, mth, note, someEntries, vkey } from './testing/naive.ts'
import { VerificationError } from './verification-error.ts'

const keys = [parseVerifier(vkey)]
const entries = someEntries(11)
const entry = entries[9] as Buffer
const head = checkpoint(entries.length, mth(entries))
const proof = auditPath(9, entries)
const receipt = formatReceipt({ index: 9, proof, checkpoint: head })

const problemOf = (text: string | Uint8Array, of: Uint8Array = entry): string => {
  try {
    verifyReceipt(text, of, keys)
    return 'none'
  } catch (error) {
    if (error instanceof VerificationError) return error.problem
    throw error
  }
}

describe('a receipt', () => {
  test('is the tlog-proof of C2SP, the checkpoint verbatim', () => {
    const hashes = proof.map(hash => `${hash.toString('base64')}\n`).join('')
    expect(receipt).toBe(`c2sp.org/tlog-proof@v1\nindex 9\n${hashes}\n${head}`)
  })

  test('proves that the log holds exactly these bytes, and where', () => {
    const verified = verifyReceipt(Buffer.from(receipt), entry, keys)
    expect(verified.index).toBe(9)
    expect(verified.checkpoint.size).toBe(11)
    expect(problemOf(receipt, Buffer.concat([entry, Buffer.of(0)]))).toBe('NotIncluded')
    expect(problemOf(receipt.replace('index 9', 'index 8'))).toBe('NotIncluded')
    expect(problemOf(receipt.replace('index 9', 'index 11'))).toBe('NotIncluded')
  })

  test('reads back as it was made, with extra data and without', () => {
    expect(parseReceipt(receipt)).toEqual({ index: 9, proof, checkpoint: head })
    const extra = Buffer.from('more')
    const withExtra = formatReceipt({ index: 9, proof, checkpoint: head, extra })
    expect(parseReceipt(withExtra)).toEqual({ index: 9, proof, checkpoint: head, extra })
    expect(problemOf(withExtra)).toBe('none')
    const withNone = formatReceipt({ index: 9, proof, checkpoint: head, extra: Buffer.of() })
    expect(withNone).toBe(receipt)
  })

  test('of the only entry has no hashes', () => {
    const only = formatReceipt({ index: 0, proof: [], checkpoint: checkpoint(1, mth([entry])) })
    expect(only.startsWith('c2sp.org/tlog-proof@v1\nindex 0\n\nlog.example')).toBe(true)
    expect(problemOf(only)).toBe('none')
  })

  test('is worth what its checkpoint is worth', () => {
    const other = head.replace(/\n11\n/, '\n12\n')
    expect(problemOf(formatReceipt({ index: 9, proof, checkpoint: other }))).toBe('BadSignature')
    const unsigned = formatReceipt({ index: 9, proof, checkpoint: head.split('\n\n')[0] ?? '' })
    expect(problemOf(unsigned)).toBe('MalformedNote')
    const resigned = note(`${head.split('\n\n')[0]}\nextension\n`)
    expect(problemOf(formatReceipt({ index: 9, proof, checkpoint: resigned }))).toBe('none')
  })

  test.each([
    ['of another version', receipt.replace('@v1', '@v2')],
    ['with an empty line before', `\n${receipt}`],
    ['with other line ends', receipt.replaceAll('\n', '\r\n')],
    ['with a leading zero in the index', receipt.replace('index 9', 'index 09')],
    ['with two spaces before the index', receipt.replace('index 9', 'index  9')],
    ['without an index', receipt.replace('index 9\n', '')],
    ['with the extra data after the index', receipt.replace('index 9', 'index 9\nextra AAAA')],
    ['with empty extra data', receipt.replace('index 9', 'extra \nindex 9')],
    ['with extra data that has spare bits', receipt.replace('index 9', 'extra AB==\nindex 9')],
    ['with a short hash', receipt.replace('index 9', 'index 9\nAAAA')],
    ['with a hash that has spare bits', receipt.replace('index 9', `index 9\n${'A'.repeat(42)}B=`)],
    ['with a space after a hash', receipt.replace('=\n', '= \n')],
    ['with too many hashes', receipt.replace('9\n', `9\n${`${'A'.repeat(43)}=\n`.repeat(64)}`)],
    ['without a checkpoint', receipt.split('\n\n')[0] ?? ''],
    ['that is empty', ''],
  ])('%s is refused', (_, text) => {
    expect(problemOf(text)).toBe('MalformedReceipt')
  })
})
