import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { reportingEvents } from '@jejak/events/reporting'
import { decode } from '@jejak/eventsourcing/entry'
import { BadRequestSchema } from '@jejak/proto/google/rpc/error_details'
import { dumpOf } from '@jejak/reporting/testing/read-model'
import { RpcError } from '@jejak/rpc/error'
import { keysFolder, readFolder } from '@jejak/storage/data-folder'
import { sqliteProjections } from '@jejak/storage/sqlite/projections'
import { v7 } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDataLog } from './data-log.ts'
import { rebuildReporting } from './rebuild-reporting.ts'
import {
  type Clients,
  eventually,
  openTestbed,
  refusalOf,
  type Testbed,
} from './testing/testbed.ts'
import { reason, recordTraining, written } from './testing/training-fixture.ts'

const log = 'assessment'
const poisonOf = (service: string, stream: string) => ({ service, log, stream })
/** Reporting finds no position in it. */
const standard = poisonOf('reporting', 'standard/rusak')
const other = poisonOf('reporting', 'standard/rusak-juga')
/** Certification makes a key of the `asnId`, which no text can be made of. */
const rating = poisonOf('certification', 'competency/rusak')

const events = (name: string, ...data: readonly unknown[]) =>
  data.map(data => ({ id: v7(), type: `jejak.assessment.${name}.v1`, data }))
const requirements = [{ framework: 'sampel', competency: 'integritas', level: 2 }]
const good = { position: 'pulih', validFrom: '2026-01-01', legalBasis: 'Perwali', requirements }

/** An event that no service would write: its log refuses it. */
const poison = async (data: string) => {
  mkdirSync(data, { recursive: true })
  const own = { data, service: log, keys: keysFolder(data), writer: 'service', amongOthers: true }
  const unchecked = await openDataLog(own)
  const streams = [
    [standard.stream, events('StandardSet', {}, good)],
    [other.stream, events('StandardSet', {})],
    [rating.stream, events('AssessmentRecorded', { asnId: { toString: null } })],
  ] as const
  for (const [stream, events] of streams) {
    expect(await unchecked.append({ stream, expected: 0, events })).not.toHaveProperty('refused')
  }
  await unchecked.close()
}

describe('a parked stream', { timeout: 60_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'jejak-parked-'))
  const data = join(folder, 'data')
  let bed: Testbed
  let parked: Clients['parked']
  beforeAll(async () => {
    await poison(data)
    bed = await openTestbed({ folder })
    await recordTraining(bed)
    await eventually(bed.idle)
    parked = bed.as(bed.issue({ role: 'hr' })).parked
  }, 60_000)
  afterAll(async () => {
    await bed.close()
    rmSync(folder, { recursive: true })
  })
  const listed = async (service: string) => (await parked.listParked({ service })).parked
  const documents = async (model: string) => {
    const store = sqliteProjections(readFolder(data, 'reporting'))
    const dump = await dumpOf(store, model)
    await store.close()
    return dump
  }

  test('is listed with what it fails at, page after page, while all others flow', async () => {
    const [first, second, ...rest] = await listed('reporting')
    expect(rest).toEqual([])
    expect(first).toMatchObject({ log, stream: standard.stream, version: 1, attempts: 1 })
    expect(first?.reason).toBe('Error: StandardSet has no position')
    expect(Date.parse(first?.since ?? '')).not.toBeNaN()
    expect(second).toMatchObject({ log, stream: other.stream, version: 1 })
    expect(await listed('certification')).toMatchObject([{ log, stream: rating.stream }])
    const query = { service: 'reporting', pageSize: 1 }
    const page = await parked.listParked(query)
    expect(page.parked).toEqual([first])
    const last = await parked.listParked({ ...query, pageToken: page.nextPageToken })
    expect(last.parked).toEqual([second])
    expect(last.nextPageToken).toBe('')
  })

  test('is shown with the event as it is in its log', async () => {
    const { parked: found, entry } = await parked.getParked(standard)
    expect(found?.version).toBe(1)
    const { type, subject } = decode(entry?.entry ?? new Uint8Array())
    expect([type, subject]).toEqual(['jejak.assessment.StandardSet.v1', standard.stream])
    const pages = await Array.fromAsync(bed.logs.get('reporting')?.read(0) ?? [])
    const last = reportingEvents.read(pages.at(-1)?.entries.at(-1) ?? new Uint8Array())
    const { log, stream } = standard
    expect(last).toMatchObject({ type: 'LogRead', role: 'hr', log, stream, from: 1, to: 2 })
  })

  test('stays parked where nothing is mended', async () => {
    const before = (await parked.getParked(other)).parked
    const after = (await parked.retryParked(other)).parked
    expect(after).toEqual({ ...before, attempts: 2 })
  })

  test('is refused with a reason where it is none, or another', async () => {
    const elsewhere = { ...standard, stream: 'standard/sehat' }
    const discard = { ...written(), version: 1, reason }
    expect(await refusalOf(parked.listParked({ service: 'enrollment' }))).toBe('SERVICE_UNKNOWN')
    expect(await refusalOf(parked.getParked(elsewhere))).toBe('NOT_PARKED')
    expect(await refusalOf(parked.retryParked(elsewhere))).toBe('NOT_PARKED')
    expect(await refusalOf(parked.discardParked({ ...discard, ...elsewhere }))).toBe('NOT_PARKED')
    const later = { ...discard, ...standard, version: 2 }
    expect(await refusalOf(parked.discardParked(later))).toBe('PARKED_AT_OTHER_VERSION')
  })

  test('is asked for in fields that are all checked at once', async () => {
    const error = await parked.discardParked({}).catch((error: unknown) => error)
    if (!(error instanceof RpcError)) throw error
    const fields = error.detail(BadRequestSchema)?.fieldViolations.map(({ field }) => field)
    expect(fields).toEqual(['request_id', 'service', 'log', 'stream', 'version', 'reason'])
    const query = { service: 'reporting', pageToken: 'x', pageSize: -1 }
    expect(await refusalOf(parked.listParked(query))).toBe('INVALID')
  })

  test('goes on without what is discarded, which is an event of the service', async () => {
    const request = { ...written(), ...standard, version: 1, reason }
    const answer = await parked.discardParked(request)
    expect(answer.parked).toBeUndefined()
    const [entry = new Uint8Array()] = answer.recorded?.entries ?? []
    expect(decode(entry)).toMatchObject({
      type: 'jejak.reporting.VersionDiscarded.v1',
      subject: 'discards',
      data: { log, stream: standard.stream, version: 1, reason },
    })
    expect(decode(entry)).toHaveProperty('actor')
    expect(await documents('reporting-v7-1')).toContain('pulih')
    const again = await parked.discardParked(request)
    expect(again.recorded?.repeated).toBe(true)
    expect(again.recorded?.entries).toEqual(answer.recorded?.entries)
    const another = await parked.discardParked({ ...request, ...written() })
    expect(another.recorded?.entries).toEqual([])
    expect(await listed('reporting')).toMatchObject([{ stream: other.stream }])
    const certifying = { ...written(), ...rating, version: 1, reason }
    expect((await parked.discardParked(certifying)).parked).toBeUndefined()
    expect(await listed('certification')).toEqual([])
  })

  test('is left out again where the read model is built again, byte for byte', async () => {
    await parked.discardParked({ ...written(), ...other, version: 1, reason })
    await eventually(bed.idle)
    const before = await documents('reporting-v7-1')
    await bed.close()
    expect(await rebuildReporting(data)).toBe('reporting-v7-2')
    expect(await documents('reporting-v7-2')).toBe(before)
    bed = await openTestbed({ folder })
    parked = bed.as(bed.issue({ role: 'hr' })).parked
    expect(await listed('reporting')).toEqual([])
  })
})
