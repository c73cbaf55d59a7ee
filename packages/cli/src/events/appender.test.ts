import { decode } from '@jejak/eventsourcing/entry'
import { openLog } from '@jejak/storage/log/open'
import { memoryStore } from '@jejak/storage/memory'
import type { Store } from '@jejak/storage/store'
import { generateKey, parseSigner } from '@jejak/transparency/key'
import { expect, test } from 'vitest'
import { Appender } from './appender.ts'

const origin = 'jejak.example/submit'
const signer = parseSigner(generateKey(origin))
const count = 2_500

test('events are stored in their order also where the disk was full for a moment', async () => {
  const store = memoryStore()
  let full = true
  const write: Store['write'] = async (batch, fence) => {
    if (!full) return store.write(batch, fence)
    full = false
    return { written: 0, repeated: new Map(), heads: new Map(), full: true }
  }
  const log = await openLog({ store: { ...store, write }, origin, signer })
  const appender = new Appender<number>(log, () => {})
  for (let i = 0; i < count; i++) {
    const events = [{ id: `${i}`, type: 'test.Happened.v1', data: {} }]
    await appender.put(i, { stream: `s${i % 2}`, expected: 'any', events })
  }
  await appender.end()
  await log.close()
  const stored: string[] = []
  for await (const { entries } of log.read(0)) {
    stored.push(...entries.map(entry => String(decode(entry).id)))
  }
  expect(stored).toHaveLength(count)
  expect(stored.findIndex((id, i) => id !== `${i}`)).toBe(-1)
}, 30_000)
