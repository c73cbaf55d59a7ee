import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { manifestSha256 } from '@jejak/export/manifest'
import { memoryVault } from '@jejak/privacy/memory-vault'
import { describe, expect, test } from 'vitest'
import { siti } from '../testing/events.ts'
import { openExportFixture } from '../testing/exports.ts'
import { idOf } from '../testing/read-model.ts'

const open = async () => {
  const bed = await openExportFixture(memoryVault())
  await bed.train(siti, '199001012015012901', idOf(51), '2026-05-15')
  const { as } = await bed.serve()
  const make = async () => (await as('hr').make({ format: 'csv', year: 2026 })).json().manifest
  const get = async (path: string) => (await as('auditor').get(path)).json()
  return { ...bed, make, get }
}

describe('an export whose folder is not there any more', () => {
  test('is listed by what is recorded of it, and its place is taken all the same', async () => {
    const { make, get, dir } = await open()
    const first = await make()
    rmSync(join(dir, first.exportId), { recursive: true })
    const { exports, missing } = await get('/exports')
    expect(exports).toEqual([])
    expect(missing).toEqual([
      {
        ...{ exportId: first.exportId, name: 'siasn-kursus', query: { year: 2026 } },
        ...{ manifest: manifestSha256(first), recordedAt: expect.stringMatching(/^2026-06-15T/) },
        files: [expect.objectContaining({ file: 'siasn-kursus.csv', rows: 1 })],
        ...{ leftOut: expect.anything(), lacking: [expect.anything(), expect.anything()] },
        heads: expect.anything(),
      },
    ])
    expect((await get(`/exports/${first.exportId}`)).type).toBe('urn:jejak:problem:export-gone')
    const second = await make()
    expect(second.supersedes).toBe(manifestSha256(first))
    expect(await get('/exports')).toMatchObject({ exports: [second], missing: [first].map(idsOf) })
  })

  test('is listed apart from those that are there, page by page', async () => {
    const { make, get, dir } = await open()
    const [first, second, third] = [await make(), await make(), await make()]
    rmSync(join(dir, second.exportId), { recursive: true })
    const page = await get('/exports?limit=2')
    expect(page).toMatchObject({ exports: [third], missing: [idsOf(second)] })
    expect(await get(`/exports?limit=2&after=${page.next}`)).toEqual({
      exports: [first],
      missing: [],
    })
  })

  test('is missing as well where another manifest stands in its place', async () => {
    const { make, get, dir } = await open()
    const first = await make()
    const path = join(dir, first.exportId, 'manifest.json')
    writeFileSync(path, JSON.stringify({ ...first, query: { year: 2025 } }))
    expect(await get('/exports')).toMatchObject({ exports: [], missing: [idsOf(first)] })
  })
})

const idsOf = ({ exportId }: { readonly exportId: string }) => ({ exportId })
