import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { idempotentConsumer } from '@jejak/consumer/consumer'
import { publisherHistory } from '@jejak/consumer/port'
import { decode } from '@jejak/eventsourcing/entry'
import type { Message } from '@jejak/messaging/bus'
import { localBus } from '@jejak/messaging/local'
import { projector } from '@jejak/reporting/read-model/projector'
import {
  consumeReporting,
  dumpOf,
  firstModel,
  interleaved,
} from '@jejak/reporting/testing/read-model'
import { memoryProjections } from '@jejak/storage/memory-projections'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestbed, type Testbed } from './testing/testbed.ts'
import { recordTraining } from './testing/training-fixture.ts'

describe('events of people', () => {
  const folder = mkdtempSync(join(tmpdir(), 'jejak-reporting-'))
  let bed: Testbed
  let messages: Message[]
  let documents: string
  beforeAll(async () => {
    bed = await openTestbed({ folder })
    await recordTraining(bed)
    messages = []
    for (const [log, { read }] of bed.logs) {
      for await (const { position, entries } of read(0)) {
        for (const [at, entry] of entries.entries()) {
          const { subject: stream, streamversion: version } = decode(entry)
          messages.push({ log, stream, version, position: position + at, entry })
        }
      }
    }
    documents = await dumpOf(await projected(messages))
  }, 60_000)
  afterAll(async () => {
    await bed.close()
    rmSync(folder, { recursive: true })
  })

  const projected = async (arrived: readonly Message[]) => {
    const store = memoryProjections()
    const history = publisherHistory(bed.logs)
    const consumer = idempotentConsumer({
      name: firstModel,
      store,
      history,
      cursorPer: 'stream',
      projector,
    })
    await consumer.handle(arrived)
    return store
  }

  test('makes the same documents in whatever order its streams arrive', async () => {
    expect(documents).not.toMatch(/"(parked|waiting)\//)
    const property = fc.asyncProperty(interleaved(messages), async shuffled => {
      expect(await dumpOf(await projected(shuffled))).toBe(documents)
    })
    await fc.assert(property, { numRuns: 20 })
  })

  test('makes them again when they are built anew', async () => {
    const store = await projected(messages)
    const { rebuild, close } = consumeReporting({
      bus: localBus({ logs: bed.logs, cursors: store }),
      logs: bed.logs,
      store,
      history: publisherHistory(bed.logs),
      cursorPer: 'stream',
    })
    await rebuild()
    await close()
    expect(await dumpOf(store, 'reporting-v7-2')).toBe(documents)
    expect(await dumpOf(store)).toBe('')
  })
})
