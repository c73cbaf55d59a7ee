import { randomUUID } from 'node:crypto'
import { toBinary } from '@bufbuild/protobuf'
import { ListProgramsResponseSchema } from '@jejak/proto/jejak/enrollment/v1/program'
import { memoryStore } from '@jejak/storage/memory'
import { memoryProjections } from '@jejak/storage/memory-projections'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  namesOf,
  opened,
  openTestbed,
  published,
  refusalOf,
  syllabus,
  type Testbed,
  week,
} from '../testing/service.ts'

let bed: Testbed

beforeEach(async () => {
  bed = await openTestbed({ store: memoryStore(), projections: memoryProjections() })
})
afterEach(() => bed.close())

describe('a programme', () => {
  test('is published once, and read by everybody', async () => {
    const sent = { requestId: randomUUID(), program: syllabus }
    const { programId, recorded } = await bed.programs('hr').publishProgram(sent)
    expect(namesOf(recorded)).toEqual(['ProgramPublished'])
    expect((await bed.programs('hr').publishProgram(sent)).recorded).toMatchObject({
      entries: recorded?.entries,
      repeated: true,
    })
    for (const token of ['hr', 'dinkes', 'auditor', 'ministry', randomUUID()]) {
      const { program } = await bed.programs(token).getProgram({ programId })
      expect(program).toMatchObject({ programId, ...syllabus })
    }
    const other = { ...sent, program: { ...syllabus, code: 'pkm-2026' } }
    expect(await refusalOf(bed.programs('hr').publishProgram(other))).toMatchObject({
      code: 'ALREADY_EXISTS',
      reason: 'REQUEST_ID_REUSED',
    })
  })

  test('says all that is wrong at once', async () => {
    const [module = { code: '', title: '', jp: 0, practiceJp: 0 }] = syllabus.modules
    const program = {
      ...syllabus,
      code: 'MRS 2026',
      targets: [],
      modules: [module, { ...module, practiceJp: 9 }],
      validityMonths: 0,
    }
    const call = bed.programs('hr').publishProgram({ requestId: randomUUID(), program })
    expect(await refusalOf(call)).toMatchObject({
      fields: [
        'program.code',
        'program.targets',
        'program.modules',
        'program.validity_months',
        'program.modules[1].practice_jp',
      ],
    })
    const none = bed.programs('hr').publishProgram({ requestId: randomUUID() })
    expect(await refusalOf(none)).toMatchObject({ fields: ['program'] })
  })

  test('has a form of learning, if its publisher says which', async () => {
    const { programId } = await bed
      .programs('hr')
      .publishProgram({ requestId: randomUUID(), program: { ...syllabus, form: 16 } })
    expect((await bed.programs('dinkes').getProgram({ programId })).program?.form).toBe(16)
    const before = await bed.programs('dinkes').getProgram({ programId: await published(bed) })
    expect(before.program?.form).toBe(0)
  })

  test('is in the list, a page at a time in the order of ids', async () => {
    const ids = [await published(bed), await published(bed), await published(bed)].sort()
    const first = await bed.programs('dinkes').listPrograms({ pageSize: 2 })
    const { nextPageToken: pageToken } = first
    const rest = await bed.programs('dinkes').listPrograms({ pageSize: 2, pageToken })
    expect([first, rest].map(({ programs }) => programs.length)).toEqual([2, 1])
    expect([...first.programs, ...rest.programs].map(({ programId }) => programId)).toEqual(ids)
    expect(rest.nextPageToken).toBe('')
    const call = bed.programs('hr').getProgram({ programId: randomUUID() })
    expect(await refusalOf(call)).toMatchObject({ code: 'NOT_FOUND', reason: 'PROGRAM_UNKNOWN' })
  })

  test('is in a page of at most 1 MiB, however many are asked for', async () => {
    const [module] = syllabus.modules
    const modules = Array.from({ length: 100 }, (_, at) => ({
      ...(module as NonNullable<typeof module>),
      code: `modul-${at}`,
      title: 'Ж'.repeat(200),
    }))
    const program = { ...syllabus, modules }
    for (let at = 0; at < 50; at++) {
      await bed.programs('hr').publishProgram({ requestId: randomUUID(), program })
    }
    let listed = 0
    for (let pageToken = ''; ; ) {
      const page = await bed.programs('hr').listPrograms({ pageSize: 1_000, pageToken })
      expect(toBinary(ListProgramsResponseSchema, page).length).toBeLessThan(2 ** 20)
      listed += page.programs.length
      pageToken = page.nextPageToken
      if (pageToken === '') break
    }
    expect(listed).toBe(50)
  })
})

describe('a cohort', () => {
  test('is opened of a programme that there is', async () => {
    const { programId, cohortId } = await opened(bed, 25)
    const { cohort } = await bed.programs('dinkes').getCohort({ cohortId })
    expect(cohort).toMatchObject({ ...week, cohortId, programId, capacity: 25, seatsTaken: 0 })
    const unknown = { ...week, programId: randomUUID(), capacity: 25 }
    const call = bed.programs('hr').openCohort({ requestId: randomUUID(), cohort: unknown })
    expect(await refusalOf(call)).toMatchObject({ code: 'NOT_FOUND', reason: 'PROGRAM_UNKNOWN' })
    const get = bed.programs('hr').getCohort({ cohortId: programId })
    expect(await refusalOf(get)).toMatchObject({ code: 'NOT_FOUND', reason: 'COHORT_UNKNOWN' })
  })

  test('says all that is wrong at once', async () => {
    const cohort = { ...week, programId: 'mrs', endsOn: '2026-03-01', capacity: 10_001 }
    const call = bed.programs('hr').openCohort({ requestId: randomUUID(), cohort })
    expect(await refusalOf(call)).toMatchObject({
      fields: ['cohort.program_id', 'cohort.ends_on', 'cohort.capacity'],
    })
  })
})
