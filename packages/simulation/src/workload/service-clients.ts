import { setTimeout as sleep } from 'node:timers/promises'
import type { DescService } from '@bufbuild/protobuf'
import { status } from '@grpc/grpc-js'
import type { Grant } from '@jejak/access/token'
import type { TokenStore } from '@jejak/access/tokens'
import { AssessmentService } from '@jejak/proto/jejak/assessment/v1/assessment'
import { CertificateService } from '@jejak/proto/jejak/certification/v1/certificate'
import { AssessorService } from '@jejak/proto/jejak/enrollment/v1/assessor'
import { EmployeeService } from '@jejak/proto/jejak/enrollment/v1/employee'
import { EnrollmentService } from '@jejak/proto/jejak/enrollment/v1/enrollment'
import { ProgramService } from '@jejak/proto/jejak/enrollment/v1/program'
import type { Recorded } from '@jejak/proto/jejak/log/v1/log'
import { ParkedService } from '@jejak/proto/jejak/parked/v1/parked'
import { type Client, connect } from '@jejak/rpc/client'
import type { ServiceAddresses } from '@jejak/rpc/endpoints'
import { RpcError } from '@jejak/rpc/error'

const againAfterMs = 50
const patienceMs = 180_000
const deadlineMs = 20_000

/** Errors that a retry of the same request may not meet. */
const transient: readonly status[] = [
  status.UNAVAILABLE,
  status.RESOURCE_EXHAUSTED,
  status.ABORTED,
  status.DEADLINE_EXCEEDED,
  status.CANCELLED,
]

/** The answers to all callers: nothing else counts as acknowledged. */
export class Answers {
  readonly proven: { readonly entry: Uint8Array; readonly receipt: string }[] = []
  /** When each answer to a write came, in milliseconds. */
  readonly answeredAtMs: number[] = []
  /** Writes that were answered without entries, or without a receipt for each entry. */
  unproven = 0
  retries = 0
  #closed = false

  record(recorded: Recorded | undefined) {
    const { entries = [], receipts = [] } = recorded ?? {}
    this.answeredAtMs.push(Date.now())
    if (entries.length === 0 || entries.length !== receipts.length) this.unproven++
    for (const [i, entry] of entries.entries()) {
      this.proven.push({ entry, receipt: receipts[i] ?? '' })
    }
  }

  /** Calls until there is an answer: the same request is sent again after a transient error. */
  async insist<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    for (const began = Date.now(); ; ) {
      try {
        return await call()
      } catch (error) {
        const passes = error instanceof RpcError && transient.includes(error.code)
        if (!passes || this.#closed || Date.now() - began > patienceMs) throw error
        this.retries++
        await sleep(againAfterMs * (0.5 + Math.random()))
      }
    }
  }

  /** Ends all retries. */
  close() {
    this.#closed = true
  }

  async write(call: () => Promise<{ readonly recorded?: Recorded | undefined }>): Promise<void> {
    const { recorded } = await this.insist(call)
    this.record(recorded)
  }
}

/** Running services, in one process or in several. */
export type Installation = {
  /** Their addresses. */
  readonly to: string | ServiceAddresses
  /** The store of the tokens that they accept. */
  readonly tokens: TokenStore
}

/** Issues a token, and connects clients of all services with it. */
export const openServiceClients = async ({ to, tokens }: Installation, grant: Grant) => {
  const { token } = await tokens.issue(grant)
  const open = () => connect(to, { token, deadlineMs })
  let connection = open()
  const client = <S extends DescService>(service: S): Client<S> =>
    new Proxy({} as Client<S>, {
      get: (_, method) => connection.client(service)[method as keyof Client<S>],
    })
  return {
    assessors: client(AssessorService),
    employees: client(EmployeeService),
    programs: client(ProgramService),
    enrollments: client(EnrollmentService),
    assessments: client(AssessmentService),
    certificates: client(CertificateService),
    parked: client(ParkedService),
    /** Connects again at once: the old connection may wait for its next try. */
    reconnect() {
      connection.close()
      connection = open()
    },
    close: () => connection.close(),
  }
}

export type ServiceClients = Awaited<ReturnType<typeof openServiceClients>>

/** The clients of the workload, by the role in which they call. */
export type Workload = {
  readonly answers: Answers
  readonly hr: ServiceClients
  readonly agencies: ReadonlyMap<string, ServiceClients>
  /** Clients with a connection and token of the civil servant's own. */
  readonly asn: (asnId: string) => Promise<ServiceClients>
  /** Ids of the cohorts, by agency. */
  readonly cohorts: ReadonlyMap<string, string>
}

export const agencyClients = ({ agencies }: Workload, agency: string): ServiceClients =>
  agencies.get(agency) as ServiceClients
