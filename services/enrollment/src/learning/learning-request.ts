// tidy: what may be recorded of a learning, apart from how it is.
import { endFault, isInTerm, pastDayFault } from '@jejak/competency/days'
import {
  claimedJpMax,
  learningFormMax,
  learningSessionsMax,
  minutesOfDay,
} from '@jejak/events/learning'
import type {
  LearningSession,
  RecordLearningRequest,
  Learning as Sent,
} from '@jejak/proto/jejak/enrollment/v1/learning'
import {
  codeProblem,
  dayProblem,
  digestProblem,
  type FieldProblem,
  identifierProblem,
  numberProblem,
  type Problems,
  pastDayProblem,
  problemsOfEach,
  problemsWithin,
  titleProblem,
  unlessEmpty,
  uuidProblem,
  validate,
} from '@jejak/rpc/validate'
import type { RecordedLearning } from './learning.ts'

const documentsMax = 10

/** Throws with everything that is wrong; the learning is there when it returns. */
export const checkLearning = (request: RecordLearningRequest, today: string): Sent => {
  const { requestId, asnId, learning } = request
  validate({
    request_id: uuidProblem(requestId),
    asn_id: uuidProblem(asnId),
    ...(learning
      ? problemsWithin('learning', learningProblems(learning, today))
      : { learning: 'missing' }),
  })
  return learning as Sent
}

const learningProblems = (sent: Sent, today: string): Problems => ({
  form: numberProblem(sent.form, 1, learningFormMax),
  title: titleProblem(sent.title),
  organiser: titleProblem(sent.organiser),
  starts_on: dayProblem(sent.startsOn),
  ends_on: pastDayProblem(sent.endsOn, today) ?? endFault(sent.startsOn, sent.endsOn),
  sessions:
    sent.sessions.length > learningSessionsMax
      ? { key: 'items', values: { most: learningSessionsMax } }
      : undefined,
  ...problemsOfEach('sessions', sent.sessions.slice(0, learningSessionsMax), session =>
    sessionProblems(session, sent),
  ),
  claimed_jp: sent.claimedJp === 0 ? undefined : numberProblem(sent.claimedJp, 1, claimedJpMax),
  certificate_number: unlessEmpty(sent.certificateNumber, titleProblem),
  certified_on: unlessEmpty(sent.certifiedOn, day => dayProblem(day) ?? pastDayFault(day, today)),
  for_position: unlessEmpty(sent.forPosition, codeProblem),
  evidence:
    sent.evidence.length > documentsMax
      ? { key: 'documents', values: { most: documentsMax } }
      : undefined,
  ...problemsOfEach('evidence', sent.evidence.slice(0, documentsMax), documentProblems),
})

const sessionProblems = ({ on, minutes }: LearningSession, { startsOn, endsOn }: Sent) => ({
  on:
    dayProblem(on) ??
    (isInTerm(on, { since: startsOn, until: endsOn }) ? undefined : 'outside-learning'),
  minutes: numberProblem(minutes, 1, minutesOfDay),
})

type Document = Sent['evidence'][number]

const documentProblems = ({ sha256, archive, identifier }: Document): Problems => ({
  sha256: digestProblem(sha256),
  archive: archive || !identifier ? unlessEmpty(archive, codeProblem) : 'archive-missing',
  identifier: placeProblem(archive, identifier),
})

const placeProblem = (archive: string, identifier: string): FieldProblem =>
  archive && !identifier ? 'identifier-missing' : unlessEmpty(identifier, identifierProblem)

/** The event of a learning that was checked. */
export const learningContent = (
  sent: Sent,
  learningId: string,
  asnId: string,
): RecordedLearning => ({
  learningId,
  asnId,
  form: sent.form,
  title: sent.title,
  organiser: sent.organiser,
  startsOn: sent.startsOn,
  endsOn: sent.endsOn,
  ...(sent.sessions.length > 0 && {
    sessions: sent.sessions.map(({ on, minutes }) => ({ on, minutes })),
  }),
  ...(sent.claimedJp !== 0 && { claimedJp: sent.claimedJp }),
  ...(sent.abroad && { abroad: true }),
  ...(sent.certificateNumber && { certificateNumber: sent.certificateNumber }),
  ...(sent.certifiedOn && { certifiedOn: sent.certifiedOn }),
  ...(sent.forPosition && { forPosition: sent.forPosition }),
  ...(sent.evidence.length > 0 && {
    evidence: sent.evidence.map(({ sha256, archive, identifier }) => ({
      sha256,
      ...(archive && { archive, identifier }),
    })),
  }),
})
