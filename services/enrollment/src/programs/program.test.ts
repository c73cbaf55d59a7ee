import { refuse } from '@jejak/eventsourcing/decider'
import { given } from '@jejak/eventsourcing/testing/given'
import { twiceIsOnce } from '@jejak/eventsourcing/testing/twice'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Program, program, publishProgram, type Syllabus } from './program.ts'

const syllabus: Syllabus = {
  programId: '0197a000-0000-7000-8000-0000000000b1',
  code: 'mrs-2026',
  title: 'Manajemen Rumah Sakit',
  field: 'kesehatan',
  targets: [{ framework: 'permenpanrb-38-2017', competency: 'integritas', level: 3 }],
  modules: [{ code: 'mutu', title: 'Mutu Layanan', jp: 20, practiceJp: 12 }],
  validityMonths: 36,
}
const other = { ...syllabus, title: 'Pelayanan Kesehatan Masyarakat' }
const published = { type: 'ProgramPublished', ...syllabus } as const

describe('a programme', () => {
  test('is published once, and as it is', () => {
    expect(given(program).when(publishProgram, syllabus)).toEqual([published])
    expect(given(program, published).when(publishProgram, syllabus)).toEqual([])
    expect(given(program, published).when(publishProgram, other)).toEqual(
      refuse('PublishedOtherwise'),
    )
  })

  test('is the same after a retry', () => {
    const syllabi = fc.constantFrom(syllabus, other)
    twiceIsOnce(
      program,
      syllabi.map(one => (state: Program) => publishProgram(state, one)),
    )
  })
})
