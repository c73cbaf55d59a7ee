import { type BenchStorage, withPlace } from '../storage-place.ts'
import type { SubjectName } from '../subjects/all.ts'
import type { Ids } from '../subjects/subject.ts'
import type { Scale, Suite, SuiteStep } from '../suite.ts'
import { runLogTask } from '../worker-process.ts'

/** Appends to fresh streams, with unordered ids, of known requests, and to a long stream. */
export const appendSuite: Suite = (storage, scale, subjects, during) => {
  const groups = subjects.filter(
    subject => subject.startsWith('jejak') || subject.endsWith('group'),
  )
  const ours = subjects.filter(subject => subject.startsWith('jejak'))
  const fresh = [1, 64, 256].flatMap(clients =>
    subjects.map(subject => freshStreams(storage, scale, subject, clients, 'v7')),
  )
  return during([
    ...fresh,
    ...groups.map(subject => freshStreams(storage, scale, subject, 64, 'v4')),
    ...ours.map(subject => knownRequests(storage, scale, subject, 64)),
    ...subjects
      .filter(oneByOne)
      .flatMap(subject => [
        oneStream(storage, scale, subject, 0),
        oneStream(storage, scale, subject, 20_000),
      ]),
  ])
}

/** Appends of one stream wait for each other: group commit gains nothing. */
const oneByOne = (subject: SubjectName) => !subject.endsWith('group')

const freshStreams =
  (
    storage: BenchStorage,
    scale: Scale,
    subject: SubjectName,
    clients: number,
    ids: Ids,
  ): SuiteStep =>
  async () => {
    const { appends: value = 0 } = await withPlace(storage, place =>
      runLogTask({ subject, place, measure: 'append', clients, ids, ...scale }),
    )
    return [{ subject: ids === 'v7' ? subject : `${subject}-${ids}`, clients, unit, value }]
  }

const knownRequests =
  (storage: BenchStorage, scale: Scale, subject: SubjectName, clients: number): SuiteStep =>
  async () => {
    const { first = 0, known = 0 } = await withPlace(storage, place =>
      runLogTask({ subject, place, measure: 'known', events: scale.knownEvents, clients }),
    )
    return [
      { subject: `${subject}-new`, clients, unit, value: first },
      { subject: `${subject}-known`, clients, unit, value: known },
    ]
  }

const oneStream =
  (storage: BenchStorage, scale: Scale, subject: SubjectName, there: number): SuiteStep =>
  async () => {
    const { appends: value = 0 } = await withPlace(storage, place =>
      runLogTask({ subject, place, measure: 'stream', there, ...scale }),
    )
    return [{ subject: `${subject}-stream-of-${there}`, clients: 1, unit, value }]
  }

const unit = 'appends/s'
