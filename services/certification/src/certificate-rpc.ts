import type { MessageInitShape } from '@bufbuild/protobuf'
import type { Action } from '@jejak/access/rights'
import { dayOf } from '@jejak/competency/calendar'
import type { PublisherHistory } from '@jejak/consumer/port'
import type { Unverified } from '@jejak/consumer/verified'
import type { ProjectionStore } from '@jejak/eventsourcing/projection'
import {
  type CertificateSchema,
  CertificateService,
  CertificateStatus,
  RevokeCertificateRequestSchema,
} from '@jejak/proto/jejak/certification/v1/certificate'
import { authorise } from '@jejak/rpc/authorise'
import type { Call } from '@jejak/rpc/call'
import type { Employees } from '@jejak/rpc/directory-client'
import { refusedBy } from '@jejak/rpc/error'
import { type Handlers, implementAudited } from '@jejak/rpc/implement'
import { cutPage } from '@jejak/rpc/page'
import type { ReadAudit } from '@jejak/rpc/read-audit'
import type { Recall } from '@jejak/rpc/recall'
import { contentOf } from '@jejak/rpc/request'
import {
  afterOf,
  pageSizeOf,
  pageSizeProblem,
  pageTokenOf,
  pageTokenProblem,
  reasonProblem,
  uuidProblem,
  validate,
} from '@jejak/rpc/validate'
import { recordedOrThrow, writing } from '@jejak/rpc/write'
import { delays } from '@jejak/texts/delays'
import { notes } from '@jejak/texts/notes'
import { localise } from '@jejak/texts/text'
import { type Certificate, revoke } from './certificate.ts'
import type { Certificates } from './certificates.ts'
import { certificateIdOf } from './number.ts'
import { processOf } from './process.ts'
import { type PersonRecord, personKey, projectionName } from './read-model.ts'
import { attainmentsOf, daysToCome, unmetRequirements } from './ready.ts'

export type CertificateRpcOptions = {
  readonly certificates: Certificates
  readonly store: ProjectionStore
  readonly history: PublisherHistory
  /** The logs that are still being verified. */
  readonly unverified: () => Promise<readonly Unverified[]>
  readonly employees: Pick<Employees, 'resolve'>
  readonly recall: Recall
  readonly clock: () => number
  readonly audit: ReadAudit
}

const { method } = CertificateService

type Answer = MessageInitShape<typeof CertificateSchema>
type Known = Exclude<Certificate, { readonly status: 'absent' }>

export const certificateRpc = ({
  certificates,
  store,
  history,
  unverified,
  employees,
  recall,
  clock,
  audit,
}: CertificateRpcOptions) => {
  /**
   * Rights depend on the agency that the person serves at present. If the thing does not exist, it
   * counts as the caller's own: callers who have the right at all learn that it does not exist.
   */
  const authoriseFor = async (call: Call, action: Action, asnId: string | undefined) => {
    const [person] = asnId === undefined ? [call.principal] : await employees.resolve([asnId])
    authorise(call, action, person ?? {})
  }

  return implementAudited(CertificateService, () => audit, {
    async getCertificate({ certificateId }, call) {
      validate({ certificate_id: uuidProblem(certificateId) })
      const [known] = (await certificates.read([certificateId])).filter(isKnown)
      await authoriseFor(call, 'certification.GetCertificate', known?.content.asnId)
      if (!known) throw refusedBy('CERTIFICATE_UNKNOWN')
      const certificate = answerOf(known, dayOf(clock()))
      return { answer: { certificate }, asnIds: [known.content.asnId] }
    },

    async listCertificates({ asnId, pageSize: size, pageToken: token }, call) {
      const list = ['certification.ListCertificates', asnId]
      validate({
        asn_id: uuidProblem(asnId),
        page_size: pageSizeProblem(size),
        page_token: pageTokenProblem(token, list),
      })
      const [person] = await employees.resolve([asnId])
      authorise(call, 'certification.ListCertificates', person ?? call.principal)
      if (!person) throw refusedBy('EMPLOYEE_UNKNOWN')
      const records = await store.load(projectionName, person.records.map(personKey))
      // Their ids follow from the enrollments': the log itself says which of them are issued.
      const ids = (records as readonly (PersonRecord | undefined)[])
        .flatMap(record => record?.enrollments.map(certificateIdOf) ?? [])
        .sort()
      const issued = (await certificates.read(ids)).filter(isKnown)
      const after = afterOf(token) ?? ''
      const rest = issued.filter(({ content }) => content.certificateId > after)
      const today = dayOf(clock())
      const answers = rest.map(
        known => [known.content.certificateId, answerOf(known, today)] as const,
      )
      const { items, next } = await cutPage(answers, pageSizeOf(size))
      return {
        answer: { certificates: [...items], nextPageToken: next && pageTokenOf(list, next) },
        asnIds: items.map(({ asnId = '' }) => asnId),
      }
    },

    revokeCertificate: recall.retryingUnary(method.revokeCertificate, revoking(certificates)),

    /**
     * What is attained now. A correction or an upheld contest after the issue shows here, and
     * revokes nothing by itself: that is for people to decide (RevokeCertificate).
     */
    async explainCertification({ enrollmentId }, call) {
      validate({ enrollment_id: uuidProblem(enrollmentId) })
      const process = await processOf({ certificates, store, history, clock }, enrollmentId)
      const { enrollment, program, ratings, certificate, policy, today } = process
      const isOpen = certificate.status === 'absent'
      await authoriseFor(call, 'certification.ExplainCertification', enrollment?.asnId)
      if (!enrollment) throw refusedBy({ key: 'ENROLLMENT_UNKNOWN', values: 'later' })
      const completed = enrollment.status !== 'open'
      const attainments = attainmentsOf(program?.targets ?? [], ratings, policy, today)
      const answer = {
        certificateId: isKnown(certificate) ? certificate.content.certificateId : '',
        completed,
        attainments: [...attainments],
        policy: policy.id,
        missing: [
          ...unmetRequirements(completed, attainments),
          ...daysToCome(program?.targets ?? [], ratings, today).map(
            day => `an assessment is of ${day}: by the clock here, that is yet to come`,
          ),
          ...(program ? [] : ['the programme was not heard of yet']),
          // No certificate is issued until then, whatever is attained.
          ...(isOpen ? await unverified() : []).map(log => localise(delays.logUnverified(log))),
          ...(isOpen && process.erased ? [localise(notes.noneOnceErased)] : []),
          ...(isOpen && process.countsInstead
            ? [localise(notes.certifiedByOther(process.countsInstead))]
            : []),
          ...(certificate.status === 'revoked'
            ? [`the certificate was revoked, and is not issued again: ${certificate.reason}`]
            : []),
        ],
      }
      return { answer, asnIds: [enrollment.asnId] }
    },
  })
}

const revoking = (certificates: Certificates) =>
  (async (request, call) => {
    const { requestId, certificateId, reason } = request
    validate({
      request_id: uuidProblem(requestId),
      certificate_id: uuidProblem(certificateId),
      reason: reasonProblem(reason),
    })
    authorise(call, 'certification.RevokeCertificate', {})
    const content = contentOf(RevokeCertificateRequestSchema, request)
    const transacted = await certificates.transact(certificateId, {
      ...writing(call, method.revokeCertificate, requestId, content),
      decide: current => revoke(current, reason),
    })
    return { recorded: await recordedOrThrow(transacted, { NeverIssued: 'CERTIFICATE_UNKNOWN' }) }
  }) satisfies Handlers<typeof CertificateService>['revokeCertificate']

const isKnown = (certificate: Certificate): certificate is Known => certificate.status !== 'absent'

const answerOf = (known: Known, today: string): Answer => {
  const { restsOn: _, ...content } = known.content
  return {
    ...content,
    status: statusOf(known, today),
    revocationReason: known.status === 'revoked' ? known.reason : '',
  }
}

const statusOf = (known: Known, today: string): CertificateStatus => {
  if (known.status === 'revoked') return CertificateStatus.REVOKED
  return today <= known.content.validUntil ? CertificateStatus.VALID : CertificateStatus.EXPIRED
}
