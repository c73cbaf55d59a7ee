import { RpcError } from '@jejak/rpc/error'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openReports, type Reports } from './testing/reports.ts'
import { newPerson, written } from './testing/training-fixture.ts'

const agency = 'rsud-daya'
const posting = { agency, position: 'perawat-ahli-muda' }
const contract = { employment: 'pppk', contractSince: '2025-07-01', since: '2025-07-01' }

let bed: Reports
let hr: string
let siti: string
beforeAll(async () => {
  bed = await openReports()
  hr = bed.issue({ role: 'hr' })
  const registration = { ...written(), person: newPerson(), posting: { ...posting, ...contract } }
  siti = (await bed.as(hr).employees.registerEmployee(registration)).asnId
}, 60_000)
afterAll(() => bed.close())

const get = async (path: string) => {
  await bed.caughtUp()
  const { status, body } = await bed.ask(hr, `/v1${path}`)
  expect(status).toBe(200)
  return body
}
const yearsOf = async (year: number) => (await get(`/people/${siti}/hours?year=${year}`)).years
const learn = (startsOn: string, endsOn: string, claimedJp: number) => {
  const learning = { form: 11, title: 'Kursus', organiser: 'LAN', startsOn, endsOn, claimedJp }
  return bed.as(hr).learning.recordLearning({ ...written(), asnId: siti, learning })
}

/** A cohort in February of a training with one module. */
const opened = async (form: number, jp: number) => {
  const { programs } = bed.as(hr)
  const named = { code: `pelatihan-${form}`, title: 'Pelatihan', field: 'kesehatan', form }
  const targets = [{ framework: 'permenpanrb-38-2017', competency: 'integritas', level: 3 }]
  const modules = [{ code: 'mutu', title: 'Mutu', jp, practiceJp: 0 }]
  const program = { ...named, targets, modules, validityMonths: 36 }
  const { programId } = await programs.publishProgram({ ...written(), program })
  const days = { startsOn: '2026-02-02', endsOn: '2026-02-27' }
  const cohort = { programId, title: 'Angkatan I', ...days, capacity: 10 }
  return (await programs.openCohort({ ...written(), cohort })).cohortId
}

const trained = async (cohortId: string, minutes: readonly number[], overrideReason = '') => {
  const { enrollments } = bed.as(hr)
  const { enrollmentId } = await enrollments.nominate({ ...written(), cohortId, asnId: siti })
  await enrollments.approve({ ...written(), enrollmentId, overrideReason })
  for (const [at, attended] of minutes.entries()) {
    const session = { module: 'mutu', heldOn: `2026-02-0${at + 3}`, minutes: attended }
    await enrollments.recordAttendance({ ...written(), enrollmentId, ...session })
  }
  await enrollments.complete({ ...written(), enrollmentId, completedOn: '2026-02-27' })
}

describe('the hours of a PPPK who becomes a CPNS', () => {
  test('of e-learning are capped by the day, by the minutes that were attended', async () => {
    await trained(await opened(16, 10), [225, 135, 90])
    const { credits, ruleSets } = await get(`/people/${siti}/hours?year=2026`)
    const reasons = [{ kind: 'day-cap', on: '2026-02-03', maxJp: 3 }]
    expect(credits).toMatchObject([{ form: 16, claimedJp: 10, creditedJp: 8, reasons }])
    expect(ruleSets).toMatchObject([{ id: 'jam-pelajaran-v1', adoptedBy: expect.any(String) }])
    // Three sessions, and the completion.
    expect(credits[0].restsOn).toHaveLength(4)
  })

  test('are of the year in which a course ends, however late its certificate comes', async () => {
    await learn('2025-12-29', '2026-01-02', 6)
    await learn('2019-03-04', '2019-03-08', 20)
    expect(await yearsOf(2019)).toMatchObject([{ from: '2019-01-01', jp: 20 }])
    const [calendar, year] = await yearsOf(2026)
    expect(calendar).toMatchObject({ year: 'calendar', claimedJp: 16, jp: 14 })
    expect(year).toMatchObject({ year: 'contract', from: '2025-07-01', jp: 14, ceilingJp: 24 })
  })

  test('pass the ceiling of the contract’s year only if somebody says why', async () => {
    const cohortId = await opened(3, 12)
    const { enrollments } = bed.as(hr)
    const { enrollmentId, warnings } = await enrollments.nominate({
      ...{ ...written(), cohortId, asnId: siti },
    })
    expect(warnings).toEqual([expect.stringContaining('would have 26 JP, and may have 24')])
    const refused = await enrollments.approve({ ...written(), enrollmentId }).catch(it => it)
    expect(refused).toBeInstanceOf(RpcError)
    expect(refused.reason).toBe('HOURS_ABOVE_CEILING')
    await enrollments.refuse({ ...written(), enrollmentId, reason: 'diusulkan ulang' })
    await trained(cohortId, [270, 270], 'Dibutuhkan instalasi')
    const { people } = await get(`/agencies/${agency}/hours`)
    expect(people).toMatchObject([{ asnId: siti, state: 'over', jp: 26, overJp: 2 }])
  })

  test('have a floor once the person is a CPNS, and the contract’s year ends before', async () => {
    const cpns = { ...posting, employment: 'cpns', since: '2026-06-01' }
    await bed.as(hr).employees.postEmployee({ ...written(), asnId: siti, posting: cpns })
    const [calendar, year] = await yearsOf(2026)
    expect(calendar).toMatchObject({ employment: 'cpns', jp: 26, floorJp: 20, shortJp: 0 })
    expect(year).toMatchObject({ until: '2026-05-31', employment: 'pppk', overJp: 2 })
    expect(await get(`/agencies/${agency}/hours`)).toEqual({ people: [] })
  })
})
