import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { type LogMeasure, measureLog } from './log-measurement.ts'

const folder = mkdtempSync(join(tmpdir(), 'jejak-bench-test-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe.each(['jejak-sqlite', 'bare-sqlite-group', 'bare-sqlite-single'] as const)(
  '%s under measurement',
  subject => {
    const place = { folder: mkdtempSync(join(folder, subject)), mongo: '', database: '' }
    const task = (measure: LogMeasure) => measureLog({ subject, place, ...measure })
    const replay = { measure: 'replay', events: 600, proven: subject === 'jejak-sqlite' } as const

    test('gives back as many events as were appended', async () => {
      await task({ measure: 'fill', events: 600, perStream: 1 })
      expect((await task(replay)).events).toBeGreaterThan(0)
      await expect(task({ ...replay, events: 601 })).rejects.toThrow('600 of 601 events')
    })

    test('answers appends', async () => {
      const window = { warmupSeconds: 0, seconds: 0.1 }
      const found = await task({ measure: 'append', clients: 4, ids: 'v4', ...window })
      expect(found.appends).toBeGreaterThan(0)
      const stream = await task({ measure: 'stream', there: 1_100, ...window })
      expect(stream.appends).toBeGreaterThan(0)
    })
  },
)

test('our log knows a request again after a restart', async () => {
  const place = { folder: mkdtempSync(join(folder, 'known')), mongo: '', database: '' }
  const known = { measure: 'known', events: 300, clients: 8 } as const
  await measureLog({ subject: 'jejak-sqlite', place, ...known })
  const replay = { measure: 'replay', events: 300, proven: true } as const
  expect((await measureLog({ subject: 'jejak-sqlite', place, ...replay })).events).toBeGreaterThan(
    0,
  )
})
