import { generateKey, parseSigner } from '@jejak/transparency/key'
import { describe, expect, test } from 'vitest'
import { memoryStore } from '../memory.ts'
import { openLog, WrongLog } from './open.ts'

const origin = 'jejak.example/test'
const signer = parseSigner(generateKey(origin))

describe('a log', () => {
  test('is not opened under another name, with another key or by another writer', async () => {
    const store = memoryStore()
    await openLog({ store, origin, signer })
    const another = parseSigner(generateKey(origin))
    const wrong = [
      { store, origin: 'jejak.example/other' },
      { store, origin: 'jejak.example/other', signer },
      { store, origin, signer: another },
      { store, origin, signer, writer: 'import' },
    ]
    for (const options of wrong) await expect(openLog(options)).rejects.toThrow(WrongLog)
  })
  test('is created by the process that signs it: its key is fixed for ever', async () => {
    const store = memoryStore()
    await expect(openLog({ store, origin })).rejects.toThrow(WrongLog)
    expect(await store.identity()).toBe(undefined)
    await openLog({ store, origin, signer })
    expect(await openLog({ store, origin })).toMatchObject({ vkey: signer.vkey })
  })
})
