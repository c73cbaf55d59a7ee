import type { LearningService } from '@jejak/proto/jejak/enrollment/v1/learning'
import { authorise } from '@jejak/rpc/authorise'
import { refusedBy } from '@jejak/rpc/error'
import type { Handlers } from '@jejak/rpc/implement'
import {
  afterOf,
  pageSizeOf,
  pageSizeProblem,
  pageTokenOf,
  pageTokenProblem,
  uuidProblem,
  validate,
} from '@jejak/rpc/validate'
import { listPage } from '../lists.ts'
import { ownOf } from '../writing.ts'
import type { Learning } from './learning.ts'
import { type LearningPorts, learningLists } from './learning-writes.ts'

export const listingLearning = ({ streams, directory, lists }: LearningPorts) =>
  (async ({ asnId, pageSize: size, pageToken: token }, call) => {
    const filter = ['learning', asnId]
    validate({
      asn_id: uuidProblem(asnId),
      page_size: pageSizeProblem(size),
      page_token: pageTokenProblem(token, filter),
    })
    const records = await directory.records(asnId)
    const touched = records.length > 0 ? await directory.touched(asnId) : ownOf(call)
    authorise(call, 'enrollment.ListLearning', touched)
    if (records.length === 0) throw refusedBy('EMPLOYEE_UNKNOWN')
    const ids = lists.ids(learningLists(records), afterOf(token))
    const { items, next } = await listPage(ids, pageSizeOf(size), chunk =>
      Promise.all(chunk.map(async id => messageOf(await streams.learning.read(id)))),
    )
    return {
      answer: { learning: [...items], nextPageToken: next && pageTokenOf(filter, next) },
      asnIds: [...new Set(items.map(({ asnId }) => asnId))],
    }
  }) satisfies Handlers<typeof LearningService>['listLearning']

const messageOf = (state: Learning) => {
  if (state.status === 'absent') return undefined
  const { learningId, asnId, sessions = [], evidence = [], ...learning } = state.recorded
  const { since: revokedSince = '', reason = '' } = state.revocation ?? {}
  return {
    learningId,
    asnId,
    learning: { ...learning, sessions: [...sessions], evidence: [...evidence] },
    revokedSince,
    reason,
  }
}
