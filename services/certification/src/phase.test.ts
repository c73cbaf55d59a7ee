import type { Rating } from '@jejak/competency/level'
import { ruleSetsOf } from '@jejak/rules/rule-sets'
import { describe, expect, test } from 'vitest'
import type { Attested } from './certificate.ts'
import { type Process, phase } from './phase.ts'

const [policy] = ruleSetsOf([]).all('level-policy')
if (!policy) throw new Error('there is no policy')

const framework = 'permenpanrb-38-2017'
const ready: Process = {
  enrollmentId: '0197a000-0000-7000-8000-0000000000e1',
  enrollment: { asnId: 'siti', programId: 'mrs', status: 'completed' },
  program: {
    code: 'mrs-2026',
    targets: [{ framework, competency: 'integritas', level: 3 }],
    validityMonths: 36,
  },
  records: ['siti'],
  erased: false,
  alike: [],
  countsInstead: undefined,
  ratings: [
    {
      assessmentId: 'uji',
      framework,
      competency: 'integritas',
      level: 4,
      occurredOn: '2026-03-05',
      recorded: 0,
      superseded: false,
      upheld: false,
      method: 'uji-kompetensi',
      phase: 'baseline',
      assessorId: 'asesor',
    },
  ],
  certificate: { status: 'absent' },
  policy,
  today: '2026-11-30',
}
const attested: Attested = {
  certificateId: '4579b0c1-c558-88f3-b517-f9a58f93c22d',
  number: 'MRS-2026/2026/8NWV-1GE5B24F',
  asnId: 'siti',
  enrollmentId: ready.enrollmentId,
  programId: 'mrs',
  policy: 'latest-three-years-v1',
  attainments: [
    { framework, competency: 'integritas', level: 4, requiredLevel: 3, assessmentIds: ['uji'] },
  ],
  issuedOn: '2026-11-30',
  validUntil: '2029-11-30',
}

const content = { ...attested, restsOn: [] }

describe('an enrollment on its way to a certificate', () => {
  test('is ready, with what the certificate will say', () => {
    expect(phase(ready)).toEqual({ phase: 'ready', attested })
  })

  test('is valid up to the last day of a month that has no such day', () => {
    const program = { code: 'mrs-2026', targets: [], validityMonths: 3 }
    expect(phase({ ...ready, program })).toMatchObject({ attested: { validUntil: '2027-02-28' } })
  })

  test('is early where enrollment or programme are still to come', () => {
    expect(phase({ ...ready, program: undefined })).toEqual({ phase: 'early' })
    expect(phase({ ...ready, enrollment: undefined })).toEqual({ phase: 'early' })
  })

  test('waits for a day that is yet to come here: a clock is behind', () => {
    expect(phase({ ...ready, today: '2026-03-04' })).toEqual({ phase: 'waiting' })
    const [rating] = ready.ratings
    const other = { ...(rating as Rating), competency: 'kerja-sama' }
    const ratings = [...ready.ratings, { ...other, occurredOn: '2026-12-01' }]
    expect(phase({ ...ready, ratings })).toMatchObject({ phase: 'ready' })
    const corrected = { ...(rating as Rating), occurredOn: '2026-12-01', superseded: true }
    expect(phase({ ...ready, ratings: [...ready.ratings, corrected] })).toMatchObject({
      phase: 'ready',
    })
  })

  test('is not ready where something is missing', () => {
    expect(phase({ ...ready, ratings: [] })).toEqual({ phase: 'unready' })
    const enrollment = { asnId: 'siti', programId: 'mrs', status: 'open' } as const
    expect(phase({ ...ready, enrollment })).toEqual({ phase: 'unready' })
  })

  test('gets none if another of the person in the cohort has it, or once they are erased', () => {
    expect(phase({ ...ready, countsInstead: 'other' })).toEqual({ phase: 'double' })
    expect(phase({ ...ready, erased: true })).toEqual({ phase: 'erased' })
    const certificate = { status: 'issued', content } as const
    expect(phase({ ...ready, certificate, erased: true })).toEqual({ phase: 'certified' })
  })

  test('is over once there is a certificate, whatever became of that and of the levels', () => {
    const certified = { phase: 'certified' }
    expect(phase({ ...ready, certificate: { status: 'issued', content } })).toEqual(certified)
    expect(
      phase({ ...ready, certificate: { status: 'revoked', content, reason: 'bukti palsu' } }),
    ).toEqual(certified)
    expect(phase({ ...ready, ratings: [], certificate: { status: 'issued', content } })).toEqual(
      certified,
    )
  })
})
