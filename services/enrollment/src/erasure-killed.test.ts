import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openTokens } from '@jejak/access/tokens'
import { EnrollmentStatus } from '@jejak/proto/jejak/enrollment/v1/enrollment'
import { memoryStore } from '@jejak/storage/memory'
import { memoryProjections } from '@jejak/storage/memory-projections'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { lists } from './lists.ts'
import { enrollmentService } from './service.ts'
import {
  andi,
  dyingBefore,
  erasureOf,
  keyOfLog,
  opened,
  openTestbed,
  refusalOf,
  registered,
  storesIn,
  type Testbed,
} from './testing/service.ts'

/** Enrollment as a process of its own: kills itself once an erasure has written so many appends. */
const erasing = `
import { erasureOf, openTestbed, storesIn } from './testing/service.ts'

const [folder, key, requestId, asnId, fatal] = process.argv.slice(1)
const bed = await openTestbed(await storesIn(folder, key))
const { append } = bed.log
let appends = 0
Object.assign(bed.log, {
  append: async request => {
    const appended = await append(request)
    if (++appends === Number(fatal)) process.kill(process.pid, 'SIGKILL')
    return appended
  },
})
await bed.employees('hr').eraseEmployee({ requestId, ...erasureOf(asnId) })
await bed.close()
process.exit(0)
`

/** The erasure of two records, the ends of two enrollments, and one seat. */
const appendsOfAll = 5

describe('an erasure whose process is killed', { timeout: 60_000 }, () => {
  const key = keyOfLog()
  let folder: string
  let records: readonly [string, string]
  let cohortId: string
  let enrollments: readonly string[]
  let token: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'jejak-'))
    const stores = await storesIn(join(folder, 'before'), key)
    const bed = await openTestbed(stores)
    records = [await registered(bed), await registered(bed, andi)]
    const merge = { duplicateId: records[0], survivorId: records[1], reason: 'registered twice' }
    const nominated = async (cohortId: string, asnId: string) => {
      const request = { requestId: randomUUID(), cohortId, asnId }
      return (await bed.enrollments('hr').nominate(request)).enrollmentId
    }
    cohortId = (await opened(bed, 9)).cohortId
    enrollments = [
      await nominated(cohortId, records[0]),
      await nominated((await opened(bed, 9)).cohortId, records[1]),
    ]
    const [enrollmentId = ''] = enrollments
    await bed.enrollments('hr').approve({ requestId: randomUUID(), enrollmentId })
    await bed.employees('hr').mergeEmployees({ requestId: randomUUID(), ...merge })
    const tokens = openTokens(join(folder, 'before', 'tokens.db'))
    token = tokens.issue({ role: 'asn', asnId: records[0] }).token
    tokens.close()
    await closed(bed)
  }, 60_000)
  afterAll(() => rm(folder, { recursive: true }))

  const closed = async (bed: Testbed) => {
    await bed.close()
    await bed.store.close()
    await bed.vault.close()
  }

  /** How it ended: the signal that killed it, or its exit code. */
  const run = async (at: string, fatal: number) => {
    const options = { cwd: import.meta.dirname, stdio: 'inherit' } as const
    const given = ['--eval', erasing, at, key, randomUUID(), records[1], String(fatal)]
    const [code, signal] = await once(spawn(process.execPath, given, options), 'exit')
    return signal ?? code
  }

  test.each(Array.from({ length: appendsOfAll }, (_, at) => at + 1))(
    'after append %i is brought to its end by the next start',
    async appends => {
      const at = join(folder, `killed-${appends}`)
      await cp(join(folder, 'before'), at, { recursive: true })
      expect(await run(at, appends)).toBe('SIGKILL')
      const stores = await storesIn(at, key)
      const bed = await openTestbed(stores)
      expect(await bed.vault.keys(records)).toEqual(['erased', 'erased'])
      const ended = enrollments.map(async enrollmentId => {
        const { enrollment } = await bed.enrollments('hr').getEnrollment({ enrollmentId })
        return enrollment?.status
      })
      const { WITHDRAWN } = EnrollmentStatus
      expect(await Promise.all(ended)).toEqual([WITHDRAWN, WITHDRAWN])
      const { cohort } = await bed.programs('hr').getCohort({ cohortId })
      expect(cohort?.seatsTaken).toBe(0)
      const tokens = openTokens(join(at, 'tokens.db'))
      expect(tokens.find(token)).toBeUndefined()
      tokens.close()
      await closed(bed)
    },
  )

  test('has no more to write than that', async () => {
    const at = join(folder, 'whole')
    await cp(join(folder, 'before'), at, { recursive: true })
    expect(await run(at, appendsOfAll + 1)).toBe(0)
  })
})

describe('what a crash has cut off', () => {
  let bed: Testbed
  let cohortId: string

  beforeEach(async () => {
    bed = await openTestbed({ store: memoryStore(), projections: memoryProjections() })
    cohortId = (await opened(bed, 9)).cohortId
  })
  afterEach(() => bed.close())

  const hr = () => bed.enrollments('hr')
  const nominated = async (asnId: string) =>
    (await hr().nominate({ requestId: randomUUID(), cohortId, asnId })).enrollmentId
  const about = (enrollmentId: string) => ({ requestId: randomUUID(), enrollmentId })
  const statusesOf = (ids: readonly string[]) =>
    Promise.all(
      ids.map(async enrollmentId => {
        const { enrollment } = await hr().getEnrollment({ enrollmentId })
        return enrollment?.status
      }),
    )
  const seatsTaken = async () =>
    (await bed.programs('hr').getCohort({ cohortId })).cohort?.seatsTaken
  const merge = (duplicateId: string, survivorId: string) =>
    bed.employees('hr').mergeEmployees({
      requestId: randomUUID(),
      ...{ duplicateId, survivorId, reason: 'registered twice' },
    })
  const erasure = (asnId: string) => ({ requestId: randomUUID(), ...erasureOf(asnId) })
  const { NOMINATED, WITHDRAWN } = EnrollmentStatus

  /** Makes a call whose append of such an event comes behind another's work, and is its last. */
  const dyingAfter = async (type: RegExp, work: () => Promise<unknown>, call: Promise<unknown>) => {
    const { append } = bed.log
    let worked = false
    Object.assign(bed.log, {
      append: async (request: Parameters<typeof append>[0]) => {
        if (worked || !request.events.some(event => type.test(event.type))) return append(request)
        await work()
        worked = true
        await append(request)
        Object.assign(bed.log, { append: () => Promise.reject(new Error('dead')) })
        throw new Error('dead')
      },
    })
    await expect(call).rejects.toMatchObject({ code: 13 })
    Object.assign(bed.log, { append })
  }
  const restart = async () => (await enrollmentService(bed.ports)).close()
  const unsettled = async () => {
    const left = await Array.fromAsync(bed.ports.store.dump(lists.name, 'unsettled/'))
    return left.filter(([, cause]) => cause !== true)
  }
  const recordsOf = async (asnId: string) => (await bed.directory.resolve([asnId]))[0]?.records

  test.each(['a start', 'a retry'])(
    'a seat taken behind an erasure is given back by %s',
    async by => {
      const asnId = await registered(bed)
      const approval = about(await nominated(asnId))
      const erase = () => bed.employees('hr').eraseEmployee(erasure(asnId))
      await dyingAfter(/SeatTaken/, erase, hr().approve(approval))
      expect(await seatsTaken()).toBe(1)
      if (by === 'a start') await restart()
      else {
        expect(await refusalOf(hr().approve(approval))).toMatchObject({ reason: 'EMPLOYEE_ERASED' })
      }
      expect(await seatsTaken()).toBe(0)
      expect(await unsettled()).toEqual([])
    },
  )

  test('a nomination behind an erasure ends at the start', async () => {
    const asnId = await registered(bed)
    const nomination = { requestId: randomUUID(), cohortId, asnId }
    const erase = () => bed.employees('hr').eraseEmployee(erasure(asnId))
    await dyingAfter(/Nominated/, erase, hr().nominate(nomination))
    expect(await statusesOf([nomination.requestId])).toEqual([NOMINATED])
    await restart()
    expect(await statusesOf([nomination.requestId])).toEqual([WITHDRAWN])
    expect(await unsettled()).toEqual([])
  })

  test('a nomination behind a merge ends at the start', async () => {
    const two = [await registered(bed), await registered(bed, andi)] as const
    const first = await nominated(two[0])
    const nomination = { requestId: randomUUID(), cohortId, asnId: two[1] }
    await dyingAfter(/Nominated/, () => merge(...two), hr().nominate(nomination))
    await restart()
    expect(await statusesOf([first, nomination.requestId])).toEqual([NOMINATED, WITHDRAWN])
    expect(await unsettled()).toEqual([])
  })

  test('a merge is made whole by the start', async () => {
    const [duplicate, survivor] = [await registered(bed), await registered(bed, andi)]
    const both = [await nominated(duplicate), await nominated(survivor)]
    await dyingBefore(bed, `employee/${duplicate}`, () => merge(duplicate, survivor))
    await restart()
    expect(await recordsOf(duplicate)).toEqual([survivor, duplicate])
    expect(await statusesOf(both)).toEqual([NOMINATED, WITHDRAWN])
    expect(await unsettled()).toEqual([])
  })

  test('a merge into somebody erased since stays half: it would erase the other', async () => {
    const [duplicate, survivor] = [await registered(bed), await registered(bed, andi)]
    await dyingBefore(bed, `employee/${duplicate}`, () => merge(duplicate, survivor))
    await bed.employees('hr').eraseEmployee(erasure(survivor))
    await restart()
    expect(await recordsOf(duplicate)).toEqual([duplicate])
  })

  test('two merges into each other at once leave one record', async () => {
    const [one, other] = [await registered(bed), await registered(bed, andi)]
    await Promise.allSettled([merge(one, other), merge(other, one)])
    expect(await recordsOf(one)).toHaveLength(2)
    expect(await recordsOf(other)).toEqual(await recordsOf(one))
    await restart()
    expect(await unsettled()).toEqual([])
  })

  test('of two merges into each other the one into the lower id comes through', async () => {
    const two = [await registered(bed), await registered(bed, andi)]
    const [low = '', high = ''] = two.toSorted()
    await dyingBefore(bed, `employee/${low}`, () => merge(low, high))
    await merge(high, low)
    expect(await recordsOf(high)).toEqual([low, high])
    expect(await refusalOf(merge(low, high))).toMatchObject({ reason: 'MERGES_IN_CIRCLE' })
  })

  test('two merges into each other that were both cut off do so at the start', async () => {
    const two = [await registered(bed), await registered(bed, andi)]
    const [low = '', high = ''] = two.toSorted()
    await dyingBefore(bed, `employee/${low}`, () => merge(low, high))
    await dyingBefore(bed, `employee/${high}`, () => merge(high, low))
    await restart()
    expect(await recordsOf(high)).toEqual([low, high])
    expect(await unsettled()).toEqual([])
  })
})
