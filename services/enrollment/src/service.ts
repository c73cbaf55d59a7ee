import type { TokenStore } from '@jejak/access/tokens'
import { dayOf } from '@jejak/competency/calendar'
import { streamEvents } from '@jejak/consumer/port'
import { type PublisherLog, provenHistory } from '@jejak/consumer/verified'
import { enrollmentEvents } from '@jejak/events/enrollment'
import { decode } from '@jejak/eventsourcing/entry'
import type { EventLog } from '@jejak/eventsourcing/log'
import { type ProjectionStore, project } from '@jejak/eventsourcing/projection'
import { refuseErased, type Vault } from '@jejak/privacy/vault'
import { AssessorService } from '@jejak/proto/jejak/enrollment/v1/assessor'
import { CareerService } from '@jejak/proto/jejak/enrollment/v1/career'
import { ClaimService } from '@jejak/proto/jejak/enrollment/v1/claim'
import { EmployeeService } from '@jejak/proto/jejak/enrollment/v1/employee'
import { EnrollmentService } from '@jejak/proto/jejak/enrollment/v1/enrollment'
import { LearningService } from '@jejak/proto/jejak/enrollment/v1/learning'
import type { AdoptedRules, Employees, OpenClaims, Registers } from '@jejak/rpc/directory-client'
import { type Implementation, implementAudited } from '@jejak/rpc/implement'
import { openReadAudit, type ReadAudit } from '@jejak/rpc/read-audit'
import { openRecall, type Recall } from '@jejak/rpc/recall'
import { keySubjectOf } from './assessors/assessor.ts'
import { listingAssessors } from './assessors/assessor-reads.ts'
import { type AssessorPorts, retriedAssessors } from './assessors/assessor-writes.ts'
import { gettingDiscipline, listingCareer } from './career/career-reads.ts'
import { type CareerPorts, retriedCareer } from './career/career-writes.ts'
import { listingClaims } from './claims/claim-reads.ts'
import { type ClaimRpcPorts, retriedClaims } from './claims/claim-writes.ts'
import { openClaims } from './claims/claims.ts'
import { retriedCorrection } from './corrections.ts'
import { openDirectory } from './directory.ts'
import { gettingEmployee, listingEmployees, lookingUp } from './employee-reads.ts'
import { type EmployeePorts, retriedEmployees } from './employee-writes.ts'
import { gettingEnrollment, listingEnrollments } from './enrollment-reads.ts'
import { type EnrollmentPorts, retriedEnrollments } from './enrollment-writes.ts'
import { listingLearning } from './learning/learning-reads.ts'
import { type LearningPorts, retriedLearning } from './learning/learning-writes.ts'
import { chunks, type Lists, lists, openLists } from './lists.ts'
import { programRpc } from './programs/program-rpc.ts'
import { openAgencies } from './registers/agencies.ts'
import { agencyRpc } from './registers/agency-rpc.ts'
import { openRuleRegister, recordBuiltInRules } from './registers/rule-register.ts'
import { ruleRpc } from './registers/rule-rpc.ts'
import { openSettling } from './settling.ts'
import { openEnrollmentStreams } from './streams.ts'
import { countOpen, type OpenRequests, subjectRequestRpc } from './subject-request-rpc.ts'

export type ServicePorts = {
  readonly log: EventLog & PublisherLog
  /** The log's origin. */
  readonly source: string
  readonly vault: Vault
  /** The tokens of an erased person end. */
  readonly tokens: Pick<TokenStore, 'revokeOf'>
  /** Has the lists, which can be built again from the log. */
  readonly store: ProjectionStore
  /** Milliseconds since the epoch. */
  readonly clock: () => number
}

export type OpenEnrollmentService = {
  readonly implementations: readonly Implementation[]
  readonly employees: Employees & OpenClaims & Registers & AdoptedRules
  /** Requests of data subjects that wait for an answer, and how many of them are overdue. */
  readonly openRequests: () => Promise<OpenRequests>
  /** Stops the work in the background. The ports stay open. */
  readonly close: () => Promise<void>
}

/**
 * Resolves once the vault has no key of an erased person: it must not serve before. By then every
 * merge and erasure is settled as well that a crash has cut off.
 */
export const enrollmentService = async (ports: ServicePorts): Promise<OpenEnrollmentService> => {
  const { log, source, vault, tokens, store, clock } = ports
  const streams = openEnrollmentStreams(log, source)
  const today = () => dayOf(clock())
  const ids = openLists(log, store)
  const agencies = openAgencies(streams, ids, today)
  const ruleRegister = openRuleRegister(streams)
  const directory = openDirectory(streams, vault, today, agencies, ruleRegister)
  const audit = openReadAudit({ log, service: 'enrollment', clock })
  const recall = openRecall({ log, employees: directory })
  const settling = openSettling({ log, streams, directory, vault, lists: ids, tokens })
  const claims = openClaims({ streams, directory, lists: ids, today, agencies, ruleRegister })
  const about = { streams, directory, vault, lists: ids, agencies, settling, claims }
  const serving = { ...about, today, audit, recall, ruleRegister }
  await ids.dropFormer()
  await finishErasures(ids, vault, log)
  await settling.settleAll()
  await claims.finishAll()
  await recordBuiltInRules(streams)
  const closing = new AbortController()
  // Each list reads to the end of the log before it answers, and reports failures then. Following
  // the log in the background only keeps that short.
  const following = project(log, store, lists, closing.signal).catch(() => {})
  return {
    implementations: [
      employeeRpc(serving),
      programRpc(serving),
      enrollmentRpc(serving),
      subjectRequestRpc({ ...serving, clock }),
      agencyRpc(serving),
      assessorRpc(serving),
      ruleRpc(serving),
      ...[careerRpc(serving), claimRpc(serving)],
      learningRpc(serving),
    ],
    employees: {
      ...directory,
      ruleSets: ruleRegister.ruleSets,
      openClaims: claimed =>
        Promise.all(
          claimed.map(
            async ({ agency, asnId }) => (await claims.open(agency, asnId))?.filed.claimId,
          ),
        ),
    },
    openRequests: () => countOpen(serving.lists, clock()),
    close: async () => {
      closing.abort()
      await following
    },
  }
}

const subjectsMax = 256

/** A list has somebody as erased of whom the log does not say so. */
class NeverErased extends Error {
  override name = 'NeverErased'
}

/** There is no way back: a key is destroyed by an event that is proven, and not by a list of it. */
const finishErasures = async (
  { ids }: Pick<Lists, 'ids'>,
  vault: Pick<Vault, 'keys' | 'erase'>,
  log: PublisherLog,
): Promise<void> => {
  const proven = provenHistory(new Map([['enrollment', log]]))
  for (const { list, kind, type, subjectOf } of erasedLists) {
    for await (const erased of chunks(ids([list]), subjectsMax)) {
      const keys = await vault.keys(erased.map(subjectOf))
      const kept = erased.filter((_, at) => keys[at] !== 'erased')
      for (const id of kept) {
        const events = await streamEvents(proven, 'enrollment', `${kind}/${id}`)
        const types = events.map(({ entry }) => enrollmentEvents.lift(decode(entry))?.type)
        if (types.includes(type)) continue
        throw new NeverErased(
          `the lists of enrollment have ${id} as erased, and its log does not: ` +
            'remove the lists, they are made again from the log',
        )
      }
      await refuseErased(vault, kept.map(subjectOf))
    }
  }
}

/** Who is erased, by the events that say so; and the subjects of their keys. */
const erasedLists = [
  {
    list: 'erased',
    kind: 'employee',
    type: 'SubjectErased',
    subjectOf: (asnId: string) => asnId,
  },
  {
    list: 'assessor-erased',
    kind: 'assessor',
    type: 'AssessorErased',
    subjectOf: keySubjectOf,
  },
] as const

type Calls = {
  readonly recall: Recall
  readonly audit: ReadAudit
}

type EmployeeRpcPorts = EmployeePorts & Parameters<typeof gettingEmployee>[0] & Calls

const employeeRpc = (ports: EmployeeRpcPorts) =>
  implementAudited(EmployeeService, () => ports.audit, {
    ...retriedEmployees(ports, ports.recall),
    correctPersonalData: retriedCorrection(ports, ports.recall),
    getEmployee: gettingEmployee(ports),
    lookUpEmployee: lookingUp(ports),
    listEmployees: listingEmployees(ports),
  })

const enrollmentRpc = (ports: EnrollmentPorts & Calls) =>
  implementAudited(EnrollmentService, () => ports.audit, {
    ...retriedEnrollments(ports, ports.recall),
    getEnrollment: gettingEnrollment(ports),
    listEnrollments: listingEnrollments(ports),
  })

const assessorRpc = (ports: AssessorPorts) =>
  implementAudited(AssessorService, () => ports.audit, {
    ...retriedAssessors(ports),
    listAssessors: listingAssessors(ports),
  })

const learningRpc = (ports: LearningPorts) =>
  implementAudited(LearningService, () => ports.audit, {
    ...retriedLearning(ports),
    listLearning: listingLearning(ports),
  })

const careerRpc = (ports: CareerPorts) =>
  implementAudited(CareerService, () => ports.audit, {
    ...retriedCareer(ports),
    listCareer: listingCareer(ports),
    getDiscipline: gettingDiscipline(ports),
  })

const claimRpc = (ports: ClaimRpcPorts) =>
  implementAudited(ClaimService, () => ports.audit, {
    ...retriedClaims(ports),
    listClaims: listingClaims(ports),
  })
