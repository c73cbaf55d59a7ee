import { commitment, macOf, plain } from '@jejak/privacy/seal'
import type { Vault } from '@jejak/privacy/vault'
import {
  AssessorService,
  type Accreditation as Given,
  type RegisterAssessorRequest,
} from '@jejak/proto/jejak/enrollment/v1/assessor'
import { authorise } from '@jejak/rpc/authorise'
import type { Call } from '@jejak/rpc/call'
import { refusedBy } from '@jejak/rpc/error'
import type { Handlers } from '@jejak/rpc/implement'
import type { ReadAudit } from '@jejak/rpc/read-audit'
import type { Recall } from '@jejak/rpc/recall'
import { contentOf } from '@jejak/rpc/request'
import { dayProblem, reasonProblem, unlessEmpty, uuidProblem, validate } from '@jejak/rpc/validate'
import { recordedOrThrow, writing } from '@jejak/rpc/write'
import type { LocalDirectory } from '../directory.ts'
import type { Lists } from '../lists.ts'
import { assessorReasons } from '../reasons.ts'
import type { EnrollmentStreams } from '../streams.ts'
import { registeredPerson, writingOf } from '../writing.ts'
import { accredit, endAssessor, eraseAssessor, keySubjectOf, registerAssessor } from './assessor.ts'
import {
  accreditationIn,
  accreditationProblems,
  checkRegistration,
  idIn,
} from './assessor-request.ts'

export type AssessorPorts = {
  readonly streams: EnrollmentStreams
  readonly directory: LocalDirectory
  readonly vault: Vault
  readonly lists: Lists
  /** The day in Makassar. */
  readonly today: () => string
  readonly audit: ReadAudit
  readonly recall: Recall
}
type Handler = Handlers<typeof AssessorService>
const { method } = AssessorService

const registering = (ports: AssessorPorts) =>
  (async (request, call) => {
    checkRegistration(request)
    authorise(call, 'enrollment.RegisterAssessor', {})
    const { since, until, accreditation: given } = request
    const assessorId = idIn(request)
    const own = { assessorId, since, ...(until && { until }) }
    const { registration, write, records } = request.name
      ? await sealedIn(ports, request, call)
      : await employeeIn(ports, request, call)
    const { status } = await ports.streams.employees.read(assessorId)
    if (status !== 'absent' && !records.includes(assessorId)) {
      validate({ [request.assessorId ? 'assessor_id' : 'request_id']: 'record-of-another' })
    }
    const accreditation = given && accreditationIn(given)
    const transacted = await ports.streams.assessors.transact(assessorId, {
      ...write,
      decide: state => registerAssessor(state, { ...own, ...registration }, accreditation, records),
    })
    // Under this id is somebody whose name can't be compared.
    if (request.name && 'unchanged' in transacted) throw refusedBy('ASSESSOR_REGISTERED')
    return { assessorId, recorded: await recordedOrThrow(transacted, assessorReasons) }
  }) satisfies Handler['registerAssessor']

/** The name of somebody who is no civil servant, under a key of their own. */
const sealedIn = async (
  { streams, vault }: AssessorPorts,
  request: RegisterAssessorRequest,
  call: Call,
) => {
  const assessorId = idIn(request)
  const subject = keySubjectOf(assessorId)
  const { status } = await streams.assessors.read(assessorId)
  // Once the stream has begun, its key is in the log: another would open nothing of it.
  const key = status === 'absent' ? await vault.create(subject) : (await vault.keys([subject]))[0]
  if (!key || key === 'erased') throw refusedBy('ASSESSOR_REGISTERED')
  return {
    registration: {
      keyId: key.keyId,
      commitment: commitment(key),
      name: plain(key, request.name),
    },
    write: writingOf(call, method.registerAssessor, request, { key }),
    records: [] as readonly string[],
  }
}

/** A civil servant, by any record or NIP of theirs. */
const employeeIn = async (
  { directory }: AssessorPorts,
  request: RegisterAssessorRequest,
  call: Call,
) => {
  const { asnId, nip } = request
  const found = await (asnId ? directory.survivor(asnId) : directory.holder(nip))
  if (!found) throw refusedBy({ key: 'EMPLOYEE_UNKNOWN', values: asnId ? 'id' : 'nip' })
  if (found.state.status === 'erased') throw refusedBy('EMPLOYEE_ERASED')
  const records = await directory.records(found.asnId)
  const content = impersonal(request, asnId || found.asnId)
  return {
    registration: { asnId: found.asnId },
    write: writing(call, method.registerAssessor, request.requestId, content),
    records: records.map(record => record.asnId),
  }
}

/** Without the NIP, which could be guessed from a stored digest: as sent by the id of a record. */
const impersonal = (request: RegisterAssessorRequest, asnId: string) =>
  contentOf(method.registerAssessor.input, { ...request, nip: '', asnId })

/** How a retry of a registration is compared with what was stored. */
const retriedRegistration = (ports: AssessorPorts): Handler['registerAssessor'] =>
  ports.recall.retryingUnary(method.registerAssessor, registering(ports), {
    content: async (request, { record, stream }) => {
      if (!request.name) {
        const asnId = record ?? request.asnId
        return asnId ? impersonal(request, asnId) : undefined
      }
      const [key] = await ports.vault.keys([keySubjectOf(idIn(request))])
      if (key === 'erased' && stream === `assessor/${idIn(request)}`) return 'forgotten'
      if (!key || key === 'erased') return undefined
      return macOf(key, contentOf(method.registerAssessor.input, request))
    },
    answer: (recorded, request) => ({ assessorId: idIn(request), recorded }),
  })

/** Nothing is added to a civil servant who was erased, as an assessor either. */
const refuseErased = async ({ streams, directory }: AssessorPorts, assessorId: string) => {
  const assessor = await streams.assessors.read(assessorId)
  if (assessor.status === 'absent' || !('asnId' in assessor.registration)) return
  registeredPerson(await directory.survivor(assessor.registration.asnId))
}

const accrediting = (ports: AssessorPorts) =>
  (async (request, call) => {
    const { requestId, assessorId, accreditation } = request
    validate({
      request_id: uuidProblem(requestId),
      assessor_id: uuidProblem(assessorId),
      ...(accreditation ? accreditationProblems(accreditation) : { accreditation: 'missing' }),
    })
    authorise(call, 'enrollment.AccreditAssessor', {})
    await refuseErased(ports, assessorId)
    const given = accreditationIn(accreditation as Given)
    const transacted = await ports.streams.assessors.transact(assessorId, {
      ...writingOf(call, method.accreditAssessor, request),
      decide: state => accredit(state, given),
    })
    return { recorded: await recordedOrThrow(transacted, assessorReasons) }
  }) satisfies Handler['accreditAssessor']

const ending = (ports: AssessorPorts) =>
  (async (request, call) => {
    const { requestId, assessorId, until, reason, correction } = request
    validate({
      request_id: uuidProblem(requestId),
      assessor_id: uuidProblem(assessorId),
      until: correction ? unlessEmpty(until, dayProblem) : dayProblem(until),
      reason: reasonProblem(reason),
    })
    authorise(call, 'enrollment.EndAssessor', {})
    await refuseErased(ports, assessorId)
    const end = { ...(until && { until }), reason }
    const transacted = await ports.streams.assessors.transact(assessorId, {
      ...writingOf(call, method.endAssessor, request),
      decide: state => endAssessor(state, end, correction),
    })
    return { recorded: await recordedOrThrow(transacted, assessorReasons) }
  }) satisfies Handler['endAssessor']

/** Records it first, then destroys the key: after a crash in between the next start does. */
const erasing = ({ streams, vault, today }: AssessorPorts) =>
  (async (request, call) => {
    const { requestId, assessorId, basis } = request
    validate({
      request_id: uuidProblem(requestId),
      assessor_id: uuidProblem(assessorId),
      basis: reasonProblem(basis),
    })
    authorise(call, 'enrollment.EraseAssessor', {})
    const transacted = await streams.assessors.transact(assessorId, {
      ...writingOf(call, method.eraseAssessor, request),
      decide: state => eraseAssessor(state, basis, today()),
    })
    const recorded = await recordedOrThrow(transacted, assessorReasons)
    await vault.erase(keySubjectOf(assessorId))
    return { recorded }
  }) satisfies Handler['eraseAssessor']

/** How a retry of each call is answered with what it has stored. */
export const retriedAssessors = (ports: AssessorPorts) => {
  const { retryingUnary } = ports.recall
  return {
    registerAssessor: retriedRegistration(ports),
    accreditAssessor: retryingUnary(method.accreditAssessor, accrediting(ports)),
    endAssessor: retryingUnary(method.endAssessor, ending(ports)),
    eraseAssessor: retryingUnary(method.eraseAssessor, erasing(ports)),
  }
}
