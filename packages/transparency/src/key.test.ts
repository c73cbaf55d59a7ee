import { describe, expect, test } from 'vitest'
import { generateKey, isKeyName, parseSigner, parseVerifier } from './key.ts'
import { VerificationError } from './verification-error.ts'

// The key and the note that the documentation of golang.org/x/mod/sumdb/note gives as its example.
const goKey = 'PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz'
const goVkey = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'
const goText = Buffer.from(
  'If you think cryptography is the answer to your problem,\n' +
    "then you don't know what your problem is.\n",
)
const goSignature = Buffer.from(
  'x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=',
  'base64',
).subarray(4)

describe('a signing key', () => {
  test('has the verifier key, and makes the signature, of the Go implementation', () => {
    const signer = parseSigner(goKey)
    expect(signer.vkey).toBe(goVkey)
    expect(signer.id).toBe('c74f20a3')
    expect(signer.sign(goText)).toEqual(goSignature)
  })

  test('is new each time, and reads back what it was written as', () => {
    const text = generateKey('log.example/a')
    expect(generateKey('log.example/a')).not.toBe(text)
    const signer = parseSigner(text)
    expect(signer.name).toBe('log.example/a')
    const message = Buffer.from('message')
    expect(parseVerifier(signer.vkey).verify(message, signer.sign(message))).toBe(true)
  })

  test.each([
    ['without its prefix', goKey.slice('PRIVATE+KEY+'.length)],
    ['that is a verifier key', goVkey],
    ['with the id of another', goKey.replace('c74f20a3', 'c74f20a4')],
    ['under another name', goKey.replace('PeterNeumann', 'PeterNewmann')],
    ['without a name', goKey.replace('PeterNeumann', '')],
    ['of another type', goKey.replace('+AYEK', '+BIEK')],
    ['that is cut off', goKey.slice(0, -4)],
    ['with a newline', `${goKey}\n`],
  ])('%s is refused, and not repeated in the error', (_, text) => {
    expect(() => parseSigner(text)).toThrow(VerificationError)
    expect(() => parseSigner(text)).not.toThrow(/YEKFALVFGyN/)
  })
})

describe('a verifier key', () => {
  test('tells its text and signature from every other', () => {
    const key = parseVerifier(goVkey)
    expect(key.kind).toBe('ed25519')
    expect(key.verify(goText, goSignature)).toBe(true)
    expect(key.verify(Buffer.from('other'), goSignature)).toBe(false)
    expect(key.verify(goText, goSignature.subarray(1))).toBe(false)
    expect(key.verify(goText, Buffer.alloc(64))).toBe(false)
  })

  test.each([
    ['with capital digits in its id', goVkey.replace('c74f20a3', 'C74F20A3')],
    ['with the id of another', goVkey.replace('c74f20a3', 'c74f20a4')],
    ['of an unknown type', goVkey.replace('+ARpc', '+Bhpc')],
    ['without padding where base64 wants it', goVkey.slice(0, -4)],
    ['with white space', ` ${goVkey}`],
    ['that is empty', ''],
  ])('%s is refused', (_, text) => {
    expect(() => parseVerifier(text)).toThrow(VerificationError)
  })
})

test('a key name has neither spaces of any kind nor a plus', () => {
  expect(isKeyName('log.simpeg.example/kompetensi-2026')).toBe(true)
  expect(isKeyName('kompetensi-é')).toBe(true)
  for (const name of ['', 'a b', 'a+b', 'a\nb', 'a\u00a0b', 'a\u2003b', 'a\u0085b', 'a\ud800']) {
    expect(isKeyName(name)).toBe(false)
  }
})
