import type { MessageInitShape } from '@bufbuild/protobuf'
import { codesOfAgency } from '@jejak/competency/agency-register'
import type { Vault } from '@jejak/privacy/vault'
import type { EmployeeSchema, EmployeeService } from '@jejak/proto/jejak/enrollment/v1/employee'
import { EmployeeStatus } from '@jejak/proto/jejak/enrollment/v1/employee'
import { authorise, authoriseOver } from '@jejak/rpc/authorise'
import { refusedBy } from '@jejak/rpc/error'
import type { GivenPeople } from '@jejak/rpc/gives-out'
import type { Handlers } from '@jejak/rpc/implement'
import {
  afterOf,
  codeProblem,
  pageSizeOf,
  pageSizeProblem,
  pageTokenOf,
  pageTokenProblem,
  uuidProblem,
  validate,
} from '@jejak/rpc/validate'
import { type Found, type LocalDirectory, personOf } from './directory.ts'
import type { Employee } from './employee.ts'
import { type Lists, listPage } from './lists.ts'
import type { Agencies } from './registers/agencies.ts'
import type { EnrollmentStreams } from './streams.ts'
import { ownOf } from './writing.ts'

type Handler = Handlers<typeof EmployeeService>

type Ports = {
  readonly streams: EnrollmentStreams
  readonly directory: LocalDirectory
  readonly vault: Vault
  readonly lists: Lists
  readonly agencies: Pick<Agencies, 'register'>
  /** The day in Makassar. */
  readonly today: () => string
}

export const gettingEmployee = (ports: Ports) =>
  (async ({ asnId }, call) => {
    validate({ asn_id: uuidProblem(asnId) })
    const { streams, directory } = ports
    const state = await streams.employees.read(asnId)
    // The rights to a merged record are those to its survivor.
    const touched = state.person ? await directory.touched(asnId) : ownOf(call)
    authorise(call, 'enrollment.GetEmployee', touched)
    if (!state.person) throw refusedBy('EMPLOYEE_UNKNOWN')
    return onlyOf(await givenOut(ports, [{ asnId, state }]))
  }) satisfies Handler['getEmployee']

export const lookingUp = (ports: Ports) =>
  (async ({ nip }, call) => {
    validate({ nip: /^(\s*\d){18}\s*$/.test(nip) ? undefined : 'nip-digits' })
    const { directory } = ports
    const found = await directory.holder(nip)
    authorise(
      call,
      'enrollment.LookUpEmployee',
      found
        ? { agency: await directory.agencyOf(found.state), asnId: found.asnId }
        : { agency: call.principal.agency }, // A civil servant doesn't learn who has a NIP, or not.
    )
    if (!found) throw refusedBy('NIP_UNKNOWN')
    return onlyOf(await givenOut(ports, [found]))
  }) satisfies Handler['lookUpEmployee']

export const listingEmployees = (ports: Ports) =>
  (async (request, call) => {
    const { agency, pageToken: token } = request
    const { streams, directory, lists, agencies, today } = ports
    const filter = ['employees', agency]
    validate({
      agency: codeProblem(agency),
      page_size: pageSizeProblem(request.pageSize),
      page_token: pageTokenProblem(token, filter),
    })
    await authoriseOver(call, 'enrollment.ListEmployees', agency, directory)
    const codes = codesOfAgency(await agencies.register(), agency, today())
    const ids = lists.ids(
      codes.map(code => `agency/${code}` as const),
      afterOf(token),
    )
    const serving = async (asnId: string) => {
      const state = await streams.employees.read(asnId)
      const here = state.status === 'active' && (await directory.agencyOf(state)) === agency
      return here ? { asnId, state } : undefined
    }
    const { items, next } = await listPage(ids, pageSizeOf(request.pageSize), chunk =>
      Promise.all(chunk.map(serving)),
    )
    const { answer: employees, ...given } = await givenOut(ports, items)
    return { answer: { employees, nextPageToken: next && pageTokenOf(filter, next) }, ...given }
  }) satisfies Handler['listEmployees']

const statuses: Record<Employee['status'], EmployeeStatus> = {
  absent: EmployeeStatus.UNSPECIFIED,
  active: EmployeeStatus.ACTIVE,
  merged: EmployeeStatus.MERGED,
  erased: EmployeeStatus.ERASED,
}

type Message = MessageInitShape<typeof EmployeeSchema>

/** The answers, and what they give out: nothing is left to give of who was erased. */
const givenOut = async (
  { vault, today }: Ports,
  found: readonly Found[],
): Promise<GivenPeople<Message[]>> => {
  const messages = await Promise.all(found.map(each => messageOf(vault, each, today())))
  const read = messages.filter(({ person }) => person)
  return {
    answer: messages,
    asnIds: read.map(({ asnId = '' }) => asnId),
    fields: [...new Set(read.flatMap(({ person }) => Object.keys(person ?? {})))],
  }
}

const onlyOf = ({ answer: [employee], ...given }: GivenPeople<Message[]>) => ({
  answer: { employee },
  ...given,
})

const messageOf = async (
  vault: Pick<Vault, 'keys'>,
  { asnId, state }: Found,
  today: string,
): Promise<Message> => {
  const [key] = state.status === 'erased' ? [] : await vault.keys([asnId])
  const person = key && key !== 'erased' ? personOf(state, key, today) : undefined
  return {
    asnId,
    // The key can be gone before the event is seen here.
    status: person ? statuses[state.status] : EmployeeStatus.ERASED,
    ...(person && { person }),
    postings: [...state.postings],
    mergedInto: state.mergedInto ?? '',
  }
}
