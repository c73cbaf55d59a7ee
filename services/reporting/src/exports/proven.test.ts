import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { memoryVault } from '@jejak/privacy/memory-vault'
import type { ProvenLog } from '@jejak/storage/log/open'
import { describe, expect, test } from 'vitest'
import { siti } from '../testing/events.ts'
import { openExportFixture } from '../testing/exports.ts'
import { firstModel, idOf } from '../testing/read-model.ts'

const number = 'MRS-2026/0051'
const other = 'MRS-2026/9999'

const open = async () => {
  const bed = await openExportFixture(memoryVault())
  await bed.train(siti, '199001012015012901', idOf(51), '2026-05-15')
  return bed
}

/** A log whose file was edited under it: its bytes are others, its proofs are as they were. */
const edited = (log: ProvenLog, from: string, to: string): Pick<ProvenLog, 'readStreams'> => ({
  async readStreams(queries) {
    const pages = await log.readStreams(queries)
    return pages.map(page => ({
      ...page,
      events: page.events.map(event => ({
        ...event,
        entry: Buffer.from(Buffer.from(event.entry).toString().replace(from, to)),
      })),
    }))
  },
})

describe('a row of an export', () => {
  test('says what the logs say, whatever the read model has', async () => {
    const bed = await open()
    const { as, store } = await bed.serve()
    let edits = 0
    for await (const [key, document] of store.dump(firstModel)) {
      const text = JSON.stringify(document)
      if (!text.includes(number)) continue
      const documents = new Map([[key, JSON.parse(text.replace(number, other))]])
      if (await store.apply(firstModel, { documents })) edits++
    }
    expect(edits).toBeGreaterThan(0)
    const { manifest } = (await as('hr').make({ format: 'csv' })).json()
    const rows = readFileSync(join(bed.dir, manifest.exportId, 'siasn-kursus.csv'), 'utf8')
    expect([rows.includes(number), rows.includes(other)]).toEqual([true, false])
  })

  test.each([
    ['certification', number, other],
    ['enrollment', '"jp":8', '"jp":9'],
    ['enrollment', '"completedOn":"2026-05-15"', '"completedOn":"2025-05-15"'],
  ])('is not made of what %s has not signed: %s', async (service, from, to) => {
    const bed = await open()
    const log = bed.logs.logs.get(service) as ProvenLog
    bed.overrides.set(service, edited(log, from, to))
    const { as } = await bed.serve()
    expect((await as('hr').make({ format: 'csv' })).statusCode).toBe(500)
    expect(bed.damaged).toEqual([
      expect.stringMatching(`^EntryAltered: the log of ${service} was altered`),
    ])
    expect((await bed.recordedEvents()).map(event => event?.type)).not.toContain('ExportMade')
  })
})
