import { hash } from 'node:crypto'
import { builtInOf } from '@jejak/rules/built-in'
import { describe, expect, test } from 'vitest'
import {
  against,
  certificate,
  doubtsOf,
  restsOnAll,
  trained,
  undeservedFor,
} from './testing/certificates.ts'
import {
  assessment,
  type EventRecorder,
  eventRecorder,
  historyIn,
  levelsIn,
  registered,
} from './testing/events.ts'

const builtIn = builtInOf('level-policy')[0]?.content ?? ''

/** Puts in force that assessments count for so many months. */
const adopt = (
  { record }: Pick<EventRecorder, 'record'>,
  at: string,
  [ruleSetId, validFrom, months]: readonly [id: string, validFrom: string, months: number],
  changed: (text: string) => string = text => text,
) => {
  const content = changed(builtIn)
    .replace(/^id: .*$/m, `id: ${ruleSetId}`)
    .replace(/^validFrom: .*$/m, `validFrom: ${validFrom}`)
    .replace('validityMonths: 36', `validityMonths: ${months}`)
  return record(at, 'RuleSetAdopted', {
    ...{ kind: 'level-policy', ruleSetId, validFrom, content },
    ...{ legalBasis: 'Keputusan Wali Kota', certainty: 'seen', sha256: hash('sha256', content) },
  })
}

/** Puts in force that a rating at work goes before one in class. */
const adoptAtWork = (bed: Pick<EventRecorder, 'record'>) =>
  adopt(bed, '2026-02-01', ['di-tempat-kerja', '2026-02-01', 36], text =>
    text.replace('pick: latest', 'pick: at-work-over-class\n      atWork: [observasi]'),
  )

const comesWithJejak = ['latest-three-years-v1', '2018-01-01', 36] as const

const rated = () => {
  const bed = eventRecorder()
  registered(bed)
  adopt(bed, '2026-01-05', comesWithJejak)
  bed.record('2026-01-10', 'AssessmentRecorded', assessment(10, 3, '2026-01-09'))
  return bed
}

describe('a history', () => {
  const bed = rated()
  const year = adopt(bed, '2026-03-01', ['satu-tahun', '2027-01-01', 6])

  test('goes by the rules of its day, and says which', () => {
    const old = historyIn(bed.facts, { asOf: '2026-12-31' })
    expect(levelsIn(old)).toEqual({ integritas: 3 })
    expect(old.ruleSets).toMatchObject([{ id: 'latest-three-years-v1' }])
    const next = historyIn(bed.facts, { asOf: '2027-01-01' })
    expect(levelsIn(next)).toEqual({})
    expect(next.lines.find(({ fact }) => fact.type === 'AssessmentRecorded')?.state).toBe('expired')
    expect(next.ruleSets).toMatchObject([{ id: 'satu-tahun', adoptedBy: year.id }])
  })

  test('goes by the rules that were known then', () => {
    const before = historyIn(bed.facts, { asOf: '2027-01-01', known: '2026-02-28' })
    expect(levelsIn(before)).toEqual({ integritas: 3 })
    expect(before.ruleSets).toMatchObject([{ id: 'latest-three-years-v1' }])
    const untold = historyIn(bed.facts, { asOf: '2026-01-09', known: '2026-01-04' }).ruleSets
    expect(untold).toMatchObject([{ id: 'latest-three-years-v1' }])
    expect(untold[0]).not.toHaveProperty('adoptedBy')
  })

  test('keeps what was answered when a set of a day that has passed is put right', () => {
    const mended = rated()
    adopt(mended, '2026-03-01', ['pertama', '2026-02-01', 1])
    adopt(mended, '2026-04-01', ['perbaikan', '2026-02-01', 6])
    const asked = { asOf: '2026-03-15' }
    expect(levelsIn(historyIn(mended.facts, { ...asked, known: '2026-03-31' }))).toEqual({})
    expect(levelsIn(historyIn(mended.facts, asked))).toEqual({ integritas: 3 })
  })

  test('counts the rating that its rules pick, and says of the others that another does', () => {
    const observed = rated()
    const atWork = { method: 'observasi', phase: 'at-work' } as const
    const seen = { ...assessment(11, 2, '2025-12-01'), ...atWork }
    observed.record('2026-01-11', 'AssessmentRecorded', seen)
    const { id } = adoptAtWork(observed)
    const stateOf = ({ lines }: ReturnType<typeof historyIn>) =>
      Object.fromEntries(lines.map(({ fact, state, note }) => [fact.data['level'], note ?? state]))
    const before = historyIn(observed.facts, { asOf: '2026-01-31' })
    expect(levelsIn(before)).toEqual({ integritas: 3 })
    expect(stateOf(before)).toMatchObject({ 2: 'a later assessment counts', 3: 'counts' })
    const after = historyIn(observed.facts, { asOf: '2026-02-01' })
    expect(levelsIn(after)).toEqual({ integritas: 2 })
    expect(stateOf(after)).toMatchObject({ 2: 'counts', 3: 'another assessment counts' })
    expect(after.ruleSets).toMatchObject([{ id: 'di-tempat-kerja', adoptedBy: id }])
  })
})

describe('a certificate', () => {
  test('names the rules that it was decided by, and is held to them', () => {
    const book = trained()
    adopt(book, '2026-03-11', ['satu-tahun', '2026-01-01', 12])
    expect(against(book, { policy: 'satu-tahun' })).toEqual([])
    expect(against(trained(), { policy: 'satu-tahun' })).toMatchObject([{ problem: 'Undeserved' }])
  })

  test('that goes by others than those that were adopted is undeserved', () => {
    const book = trained()
    adopt(book, '2026-03-11', ['satu-hari', '2026-01-01', 1])
    expect(against(book)).toEqual(
      undeservedFor('the policy of its day is satu-hari, not latest-three-years-v1'),
    )
  })

  test('stays deserved whatever is adopted for its day later', () => {
    const book = trained()
    adopt(book, '2026-03-11', comesWithJejak)
    const restsOn = restsOnAll(book, certificate)
    const issued = book.record('2026-03-15', 'CertificateIssued', { restsOn, ...certificate })
    adopt(book, '2026-04-01', ['satu-hari', '2026-01-01', 1])
    expect(doubtsOf(issued, book)).toEqual([])
  })

  test('is held to the rules of hours by which its training was completed', () => {
    const hours = builtInOf('hours')[0]?.content ?? ''
    // The eight JP of its module are six then.
    const hourlong = hours.replace('minutesPerJp: 45', 'minutesPerJp: 60')
    const sets = { kind: 'hours', certainty: 'seen', legalBasis: 'Perwali' } as const
    const record = (book: ReturnType<typeof trained>, ruleSetId: string, content: string) =>
      book.record('2026-03-11', 'RuleSetAdopted', {
        ...{ ...sets, ruleSetId, validFrom: '2018-01-01', content },
        sha256: hash('sha256', content),
      })
    const [after, before] = [trained(), trained({ completed: false })]
    record(after, 'jam-penuh', hourlong)
    expect(against(after)).toEqual([])
    record(before, 'jam-penuh', hourlong)
    const { enrollmentId, asnId, programId } = certificate
    const completed = { enrollmentId, asnId, programId, completedOn: '2026-03-06' }
    before.record('2026-03-12', 'EnrollmentCompleted', completed)
    expect(against(before)).toMatchObject([{ why: expect.stringContaining('6') }])
  })

  test('names the adoption of its rules, unless they come with Jejak: older ones name none', () => {
    const doubtsWithout = (...rules: Parameters<typeof adopt>[2]) => {
      const book = trained()
      const { position } = adopt(book, '2026-03-11', rules)
      const data = { ...certificate, policy: rules[0] }
      const [enrollment, ...others] = restsOnAll(book, data)
      const entries = enrollment?.entries.filter(entry => entry.position !== position) ?? []
      expect(entries).toHaveLength((enrollment?.entries.length ?? 0) - 1)
      const restsOn = [{ ...enrollment, entries }, ...others] as typeof others
      return doubtsOf(book.record('2026-03-15', 'CertificateIssued', { ...data, restsOn }), book)
    }
    expect(doubtsWithout(...comesWithJejak)).toEqual([])
    expect(doubtsWithout('tiga-tahun', '2026-01-01', 36)).toEqual(
      undeservedFor('it does not name RuleSetAdopted at enrollment 8, which counts'),
    )
  })
})
