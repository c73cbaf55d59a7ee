import { type Ground, run, within } from '../ground.ts'
import type { SubjectName } from '../subjects/all.ts'
import type { Ids } from '../subjects/subject.ts'
import type { Scale, Step, Suite } from '../suite.ts'

/** Appends to fresh streams, with unordered ids, of known requests, and to a long stream. */
export const append: Suite = (ground, scale, subjects, during) => {
  const groups = subjects.filter(
    subject => subject.startsWith('jejak') || subject.endsWith('group'),
  )
  const ours = subjects.filter(subject => subject.startsWith('jejak'))
  const fresh = [1, 64, 256].flatMap(clients =>
    subjects.map(subject => freshStreams(ground, scale, subject, clients, 'v7')),
  )
  return during([
    ...fresh,
    ...groups.map(subject => freshStreams(ground, scale, subject, 64, 'v4')),
    ...ours.map(subject => knownRequests(ground, scale, subject, 64)),
    ...subjects
      .filter(oneByOne)
      .flatMap(subject => [
        oneStream(ground, scale, subject, 0),
        oneStream(ground, scale, subject, 20_000),
      ]),
  ])
}

/** One stream's appends wait for each other: what gathers those of many clients gains nothing. */
const oneByOne = (subject: SubjectName) => !subject.endsWith('group')

const freshStreams =
  (ground: Ground, scale: Scale, subject: SubjectName, clients: number, ids: Ids): Step =>
  async () => {
    const { appends: value = 0 } = await within(ground, place =>
      run({ subject, place, measure: 'append', clients, ids, ...scale }),
    )
    return [{ subject: ids === 'v7' ? subject : `${subject}-${ids}`, clients, unit, value }]
  }

const knownRequests =
  (ground: Ground, scale: Scale, subject: SubjectName, clients: number): Step =>
  async () => {
    const { first = 0, known = 0 } = await within(ground, place =>
      run({ subject, place, measure: 'known', events: scale.knownEvents, clients }),
    )
    return [
      { subject: `${subject}-new`, clients, unit, value: first },
      { subject: `${subject}-known`, clients, unit, value: known },
    ]
  }

const oneStream =
  (ground: Ground, scale: Scale, subject: SubjectName, there: number): Step =>
  async () => {
    const { appends: value = 0 } = await within(ground, place =>
      run({ subject, place, measure: 'stream', there, ...scale }),
    )
    return [{ subject: `${subject}-stream-of-${there}`, clients: 1, unit, value }]
  }

const unit = 'appends/s'
