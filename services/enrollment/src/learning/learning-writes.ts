import { lifeDayFault } from '@jejak/competency/days'
import { LearningService } from '@jejak/proto/jejak/enrollment/v1/learning'
import { authorise } from '@jejak/rpc/authorise'
import { refusedBy } from '@jejak/rpc/error'
import type { Handlers } from '@jejak/rpc/implement'
import type { ReadAudit } from '@jejak/rpc/read-audit'
import type { Recall } from '@jejak/rpc/recall'
import {
  lifeDayWarnings,
  pastDayProblem,
  reasonProblem,
  uuidProblem,
  validate,
} from '@jejak/rpc/validate'
import { recordedOrThrow } from '@jejak/rpc/write'
import type { LocalDirectory } from '../directory.ts'
import type { Lists } from '../lists.ts'
import { learningReasons } from '../reasons.ts'
import type { EnrollmentStreams } from '../streams.ts'
import { ownOf, registeredPerson, writingOf } from '../writing.ts'
import { type Learning, recordLearning, revokeLearning, sameCertificate } from './learning.ts'
import { checkLearning, learningContent } from './learning-request.ts'

export type LearningPorts = {
  readonly streams: EnrollmentStreams
  readonly directory: LocalDirectory
  readonly lists: Lists
  /** The day in Makassar. */
  readonly today: () => string
  readonly audit: ReadAudit
  readonly recall: Recall
}
type Handler = Handlers<typeof LearningService>
const { method } = LearningService

/** The lists of what the records of one person have learned. */
export const learningLists = (records: readonly { readonly asnId: string }[]) =>
  records.map(({ asnId }) => `learning/${asnId}` as const)

/** What a person has learned, by all of their records. */
const learnedBy = async (
  { streams, directory, lists }: LearningPorts,
  asnId: string,
): Promise<readonly Learning[]> => {
  const ids = await Array.fromAsync(lists.ids(learningLists(await directory.records(asnId))))
  return Promise.all(ids.map(streams.learning.read))
}

const recording = (ports: LearningPorts) =>
  (async (request, call) => {
    const { directory, streams, today } = ports
    const { requestId: learningId, asnId } = request
    const sent = checkLearning(request, today())
    const person = await directory.survivor(asnId)
    const touched = person ? await directory.touched(asnId) : ownOf(call)
    authorise(call, 'enrollment.RecordLearning', touched)
    const { asnId: survivorId } = registeredPerson(person)
    const [life = {}] = await directory.lifeDays([asnId])
    if (lifeDayFault(sent.startsOn, life)) {
      throw refusedBy({ key: 'DAYS_CONTRADICT', values: 'before-birth' })
    }
    const recorded = learningContent(sent, learningId, survivorId)
    const same = sameCertificate(recorded, await learnedBy(ports, asnId))
    if (same) throw refusedBy('LEARNING_RECORDED', { learning_id: same.learningId })
    const transacted = await streams.learning.transact(learningId, {
      ...writingOf(call, method.recordLearning, request),
      decide: state => recordLearning(state, recorded),
    })
    return {
      learningId,
      recorded: await recordedOrThrow(transacted, learningReasons),
      warnings: lifeDayWarnings('learning.starts_on', sent.startsOn, life),
    }
  }) satisfies Handler['recordLearning']

const revoking = ({ streams, directory, today }: LearningPorts) =>
  (async (request, call) => {
    const { requestId, learningId, since, reason } = request
    validate({
      request_id: uuidProblem(requestId),
      learning_id: uuidProblem(learningId),
      since: pastDayProblem(since, today()),
      reason: reasonProblem(reason),
    })
    const known = await streams.learning.read(learningId)
    const touched =
      known.status === 'absent' ? ownOf(call) : await directory.touched(known.recorded.asnId)
    authorise(call, 'enrollment.RevokeLearning', touched)
    const transacted = await streams.learning.transact(learningId, {
      ...writingOf(call, method.revokeLearning, request),
      decide: state => revokeLearning(state, { since, reason }),
    })
    return { recorded: await recordedOrThrow(transacted, learningReasons) }
  }) satisfies Handler['revokeLearning']

/** How a retry of each call is answered with what it has stored. */
export const retriedLearning = (ports: LearningPorts) => {
  const { retryingUnary } = ports.recall
  return {
    recordLearning: retryingUnary(method.recordLearning, recording(ports), {
      answer: (recorded, { requestId }) => ({ learningId: requestId, recorded }),
    }),
    revokeLearning: retryingUnary(method.revokeLearning, revoking(ports)),
  }
}
