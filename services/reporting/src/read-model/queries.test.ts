import { beforeEach, describe, expect, test } from 'vitest'
import {
  andi,
  assessed,
  certificateOf,
  double,
  followedBy,
  merged,
  nurse,
  opened,
  openedBefore,
  program,
  published,
  readBy,
  registered,
  siti,
  trained,
} from '../testing/events.ts'
import { idOf, type Logs, noon, openLogs, readModelAfter } from '../testing/read-model.ts'
import { openQueries, type Queries } from './queries.ts'

describe('what is read', () => {
  let logs: Logs
  beforeEach(async () => {
    logs = await openLogs()
  })
  const queriesOf = async (clock = () => noon): Promise<Queries> =>
    openQueries({ store: await readModelAfter(logs, await logs.messages()), clock })
  const linesOf = async <T>(lines: AsyncIterable<T>) => {
    const found: T[] = []
    for await (const line of lines) found.push(line)
    return found
  }

  test('of a person are all facts of all records, and what they refer to', async () => {
    const { append } = logs
    await append('enrollment', `program/${program}`, published)
    for (const each of [opened, openedBefore]) {
      await append('enrollment', `cohort/${each.cohortId}`, each)
    }
    for (const asnId of [siti, double, andi]) {
      await append('enrollment', `employee/${asnId}`, ...registered(asnId))
    }
    await append('assessment', `competency/${double}`, assessed(double, idOf(41), 3))
    await trained(logs, siti, idOf(51), '2026-05-15')
    await trained(logs, andi, idOf(52), '2026-05-15')
    await merged(logs, double, siti)
    const { person } = await queriesOf()
    for (const asnId of [siti, double]) {
      const found = await person(asnId)
      expect(found?.asnIds).toEqual([siti, double])
      expect(found?.facts.map(({ type }) => type).toSorted()).toEqual([
        'AssessmentRecorded',
        'AttendanceRecorded',
        'CertificateIssued',
        'DuplicateAbsorbed',
        'EmployeeMerged',
        'EmployeePosted',
        'EmployeePosted',
        'EmployeeRegistered',
        'EmployeeRegistered',
        'EnrollmentApproved',
        'EnrollmentCompleted',
        'EnrollmentNominated',
        'SeatTaken',
      ])
      expect([...(found?.reference.programs.keys() ?? [])]).toEqual([program])
      expect([...(found?.reference.cohorts.keys() ?? [])]).toEqual([opened.cohortId])
      expect(found?.incomplete).toEqual([])
    }
    expect((await person(andi))?.asnIds).toEqual([andi])
    expect(await person(idOf(99))).toBeUndefined()
  })

  test('of an agency are those who serve there today, page by page', async () => {
    const { append } = logs
    const people = Array.from({ length: 5 }, (_, n) => idOf(100 + n))
    for (const asnId of people)
      await append('enrollment', `employee/${asnId}`, ...registered(asnId))
    await append('enrollment', `employee/${andi}`, ...registered(andi, 'dinkes'))
    const [moves = '', , isDouble = '', isErased = ''] = people
    const posting = { agency: 'dinkes', position: nurse, since: '2026-06-16' }
    await append('enrollment', `employee/${moves}`, {
      type: 'EmployeePosted',
      asnId: moves,
      ...posting,
    })
    await merged(logs, isDouble, andi)
    await append('enrollment', `employee/${isErased}`, {
      type: 'SubjectErased',
      asnId: isErased,
      keyId: idOf(1),
      basis: 'UU 27/2022 Pasal 43',
      disposition: 'musnah',
    })
    const { people: today } = await queriesOf()
    expect(await today('rsud-daya', { limit: 2 })).toEqual({
      asnIds: [people[0], people[1]],
      next: people[1],
    })
    expect(await today('rsud-daya', { after: people[1] ?? '', limit: 2 })).toEqual({
      asnIds: [people[4]],
    })
    expect(await today('dinkes', { limit: 5 })).toEqual({ asnIds: [andi] })
    const { people: tomorrow } = await queriesOf(() => noon + 86_400_000)
    expect(await tomorrow('dinkes', { limit: 5 })).toEqual({ asnIds: [andi, moves] })
  })

  test('of an agency are also those of one that was merged into it, from that day on', async () => {
    const { append } = logs
    await append('enrollment', `employee/${siti}`, ...registered(siti, 'dispar'))
    await append('enrollment', `employee/${andi}`, ...registered(andi))
    await append('enrollment', 'agency/dispar', {
      type: 'AgencyClosed',
      agency: 'dispar',
      since: '2026-06-16',
      successor: 'rsud-daya',
      basis: 'Perda 1/2026',
    })
    await trained(logs, siti, idOf(510), '2026-05-15')
    await trained(logs, siti, idOf(520), '2026-07-15')
    const certified = async (agency: string) => {
      const lines = await linesOf((await queriesOf()).completed({ agency }))
      return lines.map(({ enrollmentId }) => enrollmentId)
    }
    const today = await queriesOf()
    expect(await today.people('dispar', { limit: 5 })).toEqual({ asnIds: [siti] })
    expect(await today.people('rsud-daya', { limit: 5 })).toEqual({ asnIds: [andi] })
    const { people: tomorrow } = await queriesOf(() => noon + 86_400_000)
    expect(await tomorrow('dispar', { limit: 5 })).toEqual({ asnIds: [] })
    expect(await tomorrow('rsud-daya', { limit: 1 })).toEqual({ asnIds: [siti], next: siti })
    expect(await tomorrow('rsud-daya', { after: siti, limit: 1 })).toEqual({ asnIds: [andi] })
    expect(await certified('dispar')).toEqual([idOf(510)])
    expect(await certified('rsud-daya')).toEqual([idOf(520)])
    await append('enrollment', 'agency/dispar', {
      ...{ type: 'AgencyClosingWithdrawn', agency: 'dispar', basis: 'Salah kode' },
    })
    const { people: still } = await queriesOf(() => noon + 86_400_000)
    expect(await still('dispar', { limit: 5 })).toEqual({ asnIds: [siti] })
    expect(await certified('rsud-daya')).toEqual([])
  })

  test('of trainings are those completed with a certificate, by year and by agency', async () => {
    const { append } = logs
    await append('enrollment', `employee/${siti}`, ...registered(siti))
    const posting = { agency: 'dinkes', position: nurse, since: '2026-01-01' }
    await append('enrollment', `employee/${siti}`, {
      type: 'EmployeePosted',
      asnId: siti,
      ...posting,
    })
    await trained(logs, siti, idOf(510), '2025-05-15')
    await trained(logs, siti, idOf(520), '2026-05-15')
    await append('enrollment', `enrollment/${idOf(530)}`, {
      type: 'EnrollmentCompleted',
      enrollmentId: idOf(530),
      asnId: siti,
      programId: program,
      completedOn: '2026-06-01',
    })
    const { completed } = await queriesOf()
    const line = (enrollmentId: string) => ({
      asnId: siti,
      enrollmentId,
      certificateId: certificateOf(enrollmentId),
    })
    const [first, second] = [line(idOf(510)), line(idOf(520))]
    expect(await linesOf(completed({}))).toEqual([first, second])
    expect(await linesOf(completed({ year: 2026 }))).toEqual([second])
    expect(await linesOf(completed({ agency: 'rsud-daya' }))).toEqual([first])
    expect(await linesOf(completed({ agency: 'dinkes' }))).toEqual([second])
    expect(await linesOf(completed({ agency: 'disdukcapil' }))).toEqual([])
  })

  test('of the read audit of a person covers every record, the latest first', async () => {
    const { append, pass } = logs
    await append('enrollment', `employee/${siti}`, ...registered(siti))
    await append('enrollment', `employee/${double}`, ...registered(double))
    await merged(logs, double, siti)
    await append('enrollment', 'access/2026-06-15', readBy(idOf(61), andi, siti, double))
    pass(1_000)
    await append('reporting', 'access/2026-06-15', readBy(idOf(62), double))
    await append('reporting', 'access/2026-06-15', readBy(idOf(63), andi))
    const { readers } = await queriesOf()
    const line = (id: number, time: string) => {
      const readId = idOf(id)
      return { readId, time, reader: readId, role: 'hr', fields: ['nip', 'name'] }
    }
    const [later, earlier] = [
      line(62, '2026-06-15T04:00:01.000Z'),
      line(61, '2026-06-15T04:00:00.000Z'),
    ]
    expect(await readers(siti, { limit: 2 })).toEqual({ reads: [later, earlier] })
    const { next = '', ...first } = await readers(siti, { limit: 1 })
    expect(first).toEqual({ reads: [later] })
    expect(await readers(siti, { limit: 1, after: next })).toEqual({ reads: [earlier] })
  })

  test('of the read audit has who was given entries that name the person alone', async () => {
    const { append, pass } = logs
    await append('enrollment', `employee/${siti}`, ...registered(siti))
    await append('enrollment', `employee/${andi}`, ...registered(andi))
    await append('assessment', 'access/2026-06-15', readBy(idOf(61), siti))
    await append('reporting', 'access/2026-06-15', readBy(idOf(62), andi))
    const given = async (id: number, log: string, more: object) => {
      pass(1_000)
      const { from: _, ...read } = followedBy(idOf(id))
      await append('certification', 'access/2026-06-15', { ...read, from: 0, to: 9, ...more, log })
    }
    await given(71, 'assessment', {})
    await given(72, 'reporting', {})
    await given(73, 'assessment', { stream: 'access/2026-06-15', from: 1, to: 2 })
    await given(74, 'assessment', { stream: 'access/2026-06-15', from: 2, to: 3 })
    await given(75, 'assessment', { stream: 'access/2026-06-14' })
    const { readers } = await queriesOf()
    const idsOf = async (asnId: string) =>
      (await readers(asnId, { limit: 9 })).reads.map(({ readId }) => readId)
    expect(await idsOf(siti)).toEqual([73, 71, 61].map(idOf))
    expect(await idsOf(andi)).toEqual([72, 62].map(idOf))
  })
})
