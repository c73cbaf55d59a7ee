import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openTokens } from '@jejak/access/tokens'
import { EnrollmentStatus } from '@jejak/proto/jejak/enrollment/v1/enrollment'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  andi,
  keyOfLog,
  opened,
  openTestbed,
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
