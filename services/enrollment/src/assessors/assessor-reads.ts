import { unseal } from '@jejak/privacy/seal'
import type { AssessorService } from '@jejak/proto/jejak/enrollment/v1/assessor'
import { authorise } from '@jejak/rpc/authorise'
import type { Handlers } from '@jejak/rpc/implement'
import {
  afterOf,
  pageSizeOf,
  pageSizeProblem,
  pageTokenOf,
  pageTokenProblem,
  validate,
} from '@jejak/rpc/validate'
import { personOf } from '../directory.ts'
import { listPage } from '../lists.ts'
import { type KnownAssessor, keySubjectOf } from './assessor.ts'
import type { AssessorPorts } from './assessor-writes.ts'

export const listingAssessors = (ports: AssessorPorts) =>
  (async ({ pageSize: size, pageToken: token }, call) => {
    const filter = ['assessors']
    validate({ page_size: pageSizeProblem(size), page_token: pageTokenProblem(token, filter) })
    authorise(call, 'enrollment.ListAssessors', {})
    const ids = ports.lists.ids(['assessor'], afterOf(token))
    const { items, next } = await listPage(ids, pageSizeOf(size), chunk =>
      Promise.all(chunk.map(id => messageOf(ports, id))),
    )
    // An agency is to know whom it names, and not their record.
    const isAgency = call.principal.role === 'agency'
    const assessors = items.map(item => (isAgency ? { ...item, asnId: '' } : item))
    const named = items.filter(({ name }) => name !== '')
    return {
      answer: { assessors, nextPageToken: next && pageTokenOf(filter, next) },
      // The id of an assessor may be that of somebody's record, whose name was not read.
      asnIds: named.map(({ asnId, assessorId }) => asnId || keySubjectOf(assessorId)),
      ...(named.length === 0 && { fields: [] }),
    }
  }) satisfies Handlers<typeof AssessorService>['listAssessors']

const messageOf = async (ports: AssessorPorts, id: string) => {
  const state = await ports.streams.assessors.read(id)
  if (state.status === 'absent') return undefined
  const { registration, accreditations, ended } = state
  const { since, until = '' } = await ports.directory.assessorTerm(state)
  return {
    assessorId: registration.assessorId,
    asnId: 'asnId' in registration ? registration.asnId : '',
    name: await nameOf(ports, state),
    ...{ since, until, reason: ended?.until ? ended.reason : '' },
    accreditations: [...accreditations],
  }
}

/** Empty once the person is erased. */
const nameOf = async (
  { directory, vault, today }: AssessorPorts,
  { registration }: KnownAssessor,
): Promise<string> => {
  if (!('asnId' in registration)) {
    const [key] = await vault.keys([keySubjectOf(registration.assessorId)])
    return key && key !== 'erased' ? (unseal(registration.name, key) as string) : ''
  }
  const found = await directory.survivor(registration.asnId)
  const [key] = found ? await vault.keys([found.asnId]) : []
  if (!found || !key || key === 'erased') return ''
  return personOf(found.state, key, today())?.['name'] ?? ''
}
