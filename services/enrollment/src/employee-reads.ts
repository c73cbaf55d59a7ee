import type { MessageInitShape } from '@bufbuild/protobuf'
import type { Vault } from '@jejak/privacy/vault'
import type { EmployeeSchema, EmployeeService } from '@jejak/proto/jejak/enrollment/v1/employee'
import { EmployeeStatus } from '@jejak/proto/jejak/enrollment/v1/employee'
import { authorise } from '@jejak/rpc/authorise'
import type { Handlers } from '@jejak/rpc/implement'
import {
  afterOf,
  code,
  pageSize,
  pageSizeOf,
  pageToken,
  pageTokenOf,
  uuid,
  validate,
} from '@jejak/rpc/validate'
import { errorOf } from '@jejak/rpc/write'
import { type Directory, type Found, personOf } from './directory.ts'
import type { Employee } from './employee.ts'
import { type Lists, pageOf } from './lists.ts'
import { employeeReasons, nipUnknown } from './reasons.ts'
import type { Streams } from './streams.ts'
import { ownOf } from './writing.ts'

type Handler = Handlers<typeof EmployeeService>

type Ports = {
  readonly streams: Streams
  readonly directory: Directory
  readonly vault: Vault
  readonly lists: Lists
}

export const getting = ({ streams, directory, vault }: Ports) =>
  (async ({ asnId }, call) => {
    validate({ asn_id: uuid(asnId) })
    const state = await streams.employees.read(asnId)
    // Of a merged record, who answers for the person today: it stands where it was left.
    const touched = state.person ? await directory.touched(asnId) : ownOf(call)
    authorise(call, 'enrollment.GetEmployee', touched)
    if (!state.person) throw errorOf(employeeReasons.EmployeeUnknown)
    return { employee: await messageOf(vault, { asnId, state }) }
  }) satisfies Handler['getEmployee']

export const lookingUp = ({ directory, vault }: Ports) =>
  (async ({ nip }, call) => {
    validate({ nip: /^(\s*\d){18}\s*$/.test(nip) ? undefined : 'must be 18 digits' })
    const found = await directory.holder(nip)
    authorise(
      call,
      'enrollment.LookUpEmployee',
      found
        ? { agency: directory.agencyOf(found.state), asnId: found.asnId }
        : { agency: call.principal.agency }, // A civil servant doesn't learn who has a NIP, or not.
    )
    if (!found) throw errorOf(nipUnknown)
    return { employee: await messageOf(vault, found) }
  }) satisfies Handler['lookUpEmployee']

export const listing = ({ streams, directory, vault, lists }: Ports) =>
  (async (request, call) => {
    const { agency, pageToken: token } = request
    const filter = ['employees', agency]
    validate({
      agency: code(agency),
      page_size: pageSize(request.pageSize),
      page_token: pageToken(token, filter),
    })
    authorise(call, 'enrollment.ListEmployees', { agency })
    const ids = lists.ids([`agency/${agency}`], afterOf(token))
    const serving = async (asnId: string) => {
      const state = await streams.employees.read(asnId)
      const here = state.status === 'active' && directory.agencyOf(state) === agency
      return here ? { asnId, state } : undefined
    }
    const { items, next } = await pageOf(ids, pageSizeOf(request.pageSize), chunk =>
      Promise.all(chunk.map(serving)),
    )
    return {
      employees: await Promise.all(items.map(found => messageOf(vault, found))),
      nextPageToken: next && pageTokenOf(filter, next),
    }
  }) satisfies Handler['listEmployees']

const statuses: Record<Employee['status'], EmployeeStatus> = {
  absent: EmployeeStatus.UNSPECIFIED,
  active: EmployeeStatus.ACTIVE,
  merged: EmployeeStatus.MERGED,
  erased: EmployeeStatus.ERASED,
}

const messageOf = async (
  vault: Pick<Vault, 'keys'>,
  { asnId, state }: Found,
): Promise<MessageInitShape<typeof EmployeeSchema>> => {
  const [key] = state.status === 'erased' ? [] : await vault.keys([asnId])
  const person = key && key !== 'erased' ? personOf(state, key) : undefined
  return {
    asnId,
    // The key can be gone before the event is seen here.
    status: person ? statuses[state.status] : EmployeeStatus.ERASED,
    ...(person && { person }),
    postings: [...state.postings],
    mergedInto: state.mergedInto ?? '',
  }
}
