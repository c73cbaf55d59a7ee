import { existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { memoryVault } from '@jejak/privacy/memory-vault'
import { v7 } from 'uuid'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { siti } from '../testing/events.ts'
import { openExportFixture } from '../testing/exports.ts'
import { idOf } from '../testing/read-model.ts'

const open = async () => {
  const bed = await openExportFixture(memoryVault())
  await bed.train(siti, '199001012015012901', idOf(51), '2026-05-15')
  const { as } = await bed.serve()
  const requestId = v7()
  const made = async () =>
    (await bed.recordedEvents()).filter(event => event?.type === 'ExportMade')
  const make = (more: object = {}) => as('hr').make({ requestId, format: 'csv', ...more })
  return { ...bed, as, requestId, make, made, folder: join(bed.dir, requestId) }
}

describe('an export that is asked for again', () => {
  test('is the one that was made, and is recorded once', async () => {
    const { make, made, requestId } = await open()
    const first = (await make()).json()
    expect(first.exportId).toBe(requestId)
    expect((await make()).json()).toEqual(first)
    expect(await made()).toHaveLength(1)
  })

  test('at the same time is one as well', async () => {
    const { make, made } = await open()
    const [one, other] = await Promise.all([make(), make()])
    expect(one.statusCode).toBe(200)
    expect(one.json()).toEqual(other.json())
    expect(await made()).toHaveLength(1)
  })

  test.each([{ format: 'jsonl' }, { year: 2026 }, { unit: 'rsud-daya' }])(
    'is refused if it asks for something else: %j',
    async more => {
      const { make, made } = await open()
      await make()
      const refused = await make(more)
      expect(refused.statusCode).toBe(409)
      expect(refused.json().type).toBe('urn:jejak:problem:request-id-reused')
      expect(await made()).toHaveLength(1)
    },
  )

  test('needs an id', async () => {
    const { make } = await open()
    expect((await make({ requestId: undefined })).statusCode).toBe(400)
    expect((await make({ requestId: '../x' })).statusCode).toBe(400)
  })
})

test('an export has all that its heads prove: it waits until the read model has it', async () => {
  const bed = await openExportFixture(memoryVault())
  await bed.train(siti, '199001012015012901', idOf(51), '2026-05-15')
  const { as, startConsuming } = await bed.serve(false)
  const making = Promise.resolve(as('hr').make({ format: 'csv' }))
  await sleep(200) // Without the wait it is made by now, and has nobody in it.
  await startConsuming()
  expect((await making).json().manifest.files[0].rows).toBe(1)
})

describe('an export of logs that are still being verified', () => {
  const serve = async (verified: () => number) => {
    const bed = await openExportFixture(memoryVault())
    await bed.train(siti, '199001012015012901', idOf(51), '2026-05-15')
    bed.overrides.set('certification', { verified })
    const { as } = await bed.serve()
    return { ...bed, make: async () => as('hr').make({ format: 'csv' }) }
  }

  test('waits for them, and is made by itself', async () => {
    const askedAgain = Promise.withResolvers<void>()
    let [asked, verified] = [0, 0]
    const { make, recordedEvents } = await serve(() => {
      if (++asked === 2) askedAgain.resolve()
      return verified
    })
    const making = make()
    await askedAgain.promise
    expect((await recordedEvents()).map(event => event?.type)).not.toContain('ExportMade')
    verified = 1
    expect((await making).json().manifest.files[0].rows).toBe(1)
  })

  test('says how far they are if that takes long, and is not made', async () => {
    const { make, recordedEvents } = await serve(() => 0)
    let now = 0
    vi.spyOn(performance, 'now').mockImplementation(() => (now += 4_000))
    onTestFinished(() => void vi.restoreAllMocks())
    const refused = await make()
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([503, '10'])
    expect(refused.json()).toMatchObject({
      type: 'urn:jejak:problem:try-later',
      detail: 'the log of certification is still being verified: 0 of 1 events',
    })
    expect((await recordedEvents()).map(event => event?.type)).not.toContain('ExportMade')
  })
})

test('exports are listed in pages, the latest first, and each is served alone', async () => {
  const { make, as } = await open()
  const ids: string[] = []
  for (let n = 0; n < 3; n++) ids.unshift((await make({ requestId: v7() })).json().exportId)
  const page = async (query: string) => {
    const { exports, next } = (await as('auditor').get(`/exports?limit=2${query}`)).json()
    return { ids: exports.map(({ exportId }: { exportId: string }) => exportId), next }
  }
  expect(await page('')).toEqual({ ids: ids.slice(0, 2), next: ids[1] })
  expect(await page(`&after=${ids[1]}`)).toEqual({ ids: ids.slice(2), next: undefined })
  expect((await as('hr').get(`/exports/${ids[0]}`)).json().exportId).toBe(ids[0])
  expect((await as('hr').get(`/exports/${v7()}`)).statusCode).toBe(404)
  expect((await as('agency').get(`/exports/${ids[0]}`)).statusCode).toBe(403)
  expect((await as('hr').get('/exports?limit=0')).statusCode).toBe(400)
})

describe('a process that is killed while it exports', () => {
  test('after it was recorded: the next try puts it in its place', async () => {
    const { make, made, folder, as, requestId } = await open()
    const first = (await make()).json()
    renameSync(folder, `${folder}.making`)
    expect((await make()).json()).toEqual(first)
    expect(await made()).toHaveLength(1)
    expect((await as('hr').get(`/exports/${requestId}/siasn-kursus.csv`)).statusCode).toBe(200)
  })

  test('after it was recorded: another export puts it in place, and supersedes it', async () => {
    const { make, folder } = await open()
    await make()
    renameSync(folder, `${folder}.making`)
    const next = (await make({ requestId: v7() })).json()
    expect(existsSync(folder)).toBe(true)
    expect(next.manifest.supersedes).toMatch(/^[0-9a-f]{64}$/)
  })

  test('before it was recorded: nothing of it stays', async () => {
    const { make, folder, dir } = await open()
    await make()
    const [other, left] = [v7(), join(dir, `${v7()}.making`)]
    renameSync(folder, left)
    expect((await make({ requestId: other })).statusCode).toBe(200)
    expect(existsSync(left)).toBe(false)
  })

  test('and the folder is lost: it says so, and does not make another under the id', async () => {
    const { make, folder } = await open()
    await make()
    rmSync(folder, { recursive: true })
    const gone = await make()
    expect([gone.statusCode, gone.json().type]).toEqual([404, 'urn:jejak:problem:export-gone'])
  })
})
