import { hash } from 'node:crypto'
import { addMonths, dayOf } from '@jejak/competency/calendar'
import type { DataOf, Fact, FactOf } from '../fact.ts'
import { referenceOf } from '../reference.ts'
import { base64, countingFor, foundations, restsOn } from '../rests-on.ts'
import { undeserved } from '../undeserved.ts'
import { assessment, eventRecorder, idOf, registered, siti } from './events.ts'

const [enrollmentId, programId, cohortId] = [idOf(30), idOf(40), idOf(41)]
const enrollment = { enrollmentId, asnId: siti, programId }
const framework = 'permenpanrb-38-2017'
const session = { module: 'mutu', sessionId: idOf(60), heldOn: '2026-03-05' }
export const certificate: Omit<DataOf<'CertificateIssued'>, 'restsOn'> = {
  certificateId: idOf(50),
  number: 'MRS-2026/2026/7F3K-9QWZ0A1B',
  ...enrollment,
  policy: 'latest-three-years-v1',
  attainments: [
    {
      framework,
      competency: 'integritas',
      level: 3,
      requiredLevel: 3,
      assessmentIds: [idOf(10)],
    },
  ],
  issuedOn: '2026-03-15',
  validUntil: '2029-03-15',
}

/** A training of Siti's, with what a test has otherwise; her certificate comes on 15 March. */
export const trained = ({
  jp = 8,
  completed = true,
  level = 3,
  form,
}: {
  readonly jp?: number
  readonly completed?: boolean
  readonly level?: number
  readonly form?: number
} = {}) => {
  const book = eventRecorder()
  registered(book)
  const { record } = book
  record('2026-01-05', 'ProgramPublished', {
    programId,
    ...{ code: 'mrs-2026', title: 'Manajemen Rumah Sakit', field: 'kesehatan' },
    targets: [{ framework, competency: 'integritas', level: 3 }],
    modules: [{ code: 'mutu', title: 'Mutu', jp: 8, practiceJp: 4 }],
    validityMonths: 36,
    ...(form !== undefined && { form }),
  })
  record('2026-03-01', 'EnrollmentNominated', { ...enrollment, cohortId })
  record('2026-03-02', 'EnrollmentApproved', { enrollmentId })
  record('2026-03-05', 'AttendanceRecorded', { enrollmentId, ...session, minutes: jp * 45 })
  if (completed)
    record('2026-03-06', 'EnrollmentCompleted', { ...enrollment, completedOn: '2026-03-06' })
  record('2026-03-10', 'AssessmentRecorded', assessment(10, level, '2026-03-09'))
  return book
}

/** As an entry is named: here it matters only that each has another. */
const leafHash = (entry: Uint8Array) => hash('sha256', entry, 'buffer')

type Book = ReturnType<typeof eventRecorder>

const heads = (facts: readonly Fact[]) =>
  foundations.map(log => ({
    log,
    size: facts.filter(fact => fact.log === log).length,
    root: Buffer.alloc(32, log),
  }))

/** What it rests on, as certification states it that knows these facts. */
export const restsOnAll = ({ facts, entries }: Book, data: typeof certificate) =>
  restsOn(heads(facts), countingFor(data, facts), fact => leafHash(entries.get(fact) ?? nothing))
const nothing = new Uint8Array()

export const doubtsOf = (issued: Fact, { facts, entries }: Book, isAtTimeOfBefore = false) =>
  undeserved(issued as FactOf<'CertificateIssued'>, facts, referenceOf(facts), {
    hashOf: fact => base64(leafHash(entries.get(fact) ?? nothing)),
    hasTimeOfBefore: () => isAtTimeOfBefore,
  })

/** It names what it rests on, by all that the book has. */
export const against = (
  book: Book,
  change: Partial<typeof certificate> = {},
  at = '2026-03-15',
) => {
  const data = { ...certificate, ...change }
  const issued = book.record(at, 'CertificateIssued', {
    restsOn: restsOnAll(book, data),
    ...data,
  })
  return doubtsOf(issued, book)
}

/** As they were issued before they named what they rest on. */
export const olderAgainst = (
  book: Book,
  change: Partial<typeof certificate> = {},
  at = '2026-03-15',
  isAtTimeOfBefore = false,
) => {
  const issued = book.recordOlder(1, at, 'CertificateIssued', { ...certificate, ...change })
  return doubtsOf(issued, book, isAtTimeOfBefore)
}
export const undeservedFor = (...whys: readonly string[]) =>
  whys.map(why => ({ problem: 'Undeserved', why }))

export const wrongAssessment = {
  ...assessment(11, 1, '2026-03-09'),
  ...{ supersedes: idOf(10), reason: 'tertukar' },
}

/**
 * So long is the clock of certification ahead of those of the others, or behind them. It issues
 * none on a day before those that a certificate rests on: clocks are not further behind.
 */
export const skews = ['-05:00', '-00:00:03', '+00:00:03', '+05:00', '+9600:00'].map(skew => {
  const [hours = '0', minutes = '0', seconds = '0'] = skew.slice(1).split(':')
  const ms = (Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds)) * 1_000
  return [skew, skew.startsWith('-') ? -ms : ms] as const
})

/** The certificate, by a clock that is so far ahead when it is issued a second after the rest. */
export const bySkewedClock = (ms: number) => {
  const at = new Date(Date.parse('2026-03-10T01:00:01Z') + ms).toISOString()
  const issuedOn = dayOf(Date.parse(at))
  const validUntil = addMonths(issuedOn, 36)
  return { at, change: { issuedOn, validUntil } }
}
