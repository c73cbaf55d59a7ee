import { setTimeout as sleep } from 'node:timers/promises'
import type { DescService } from '@bufbuild/protobuf'
import { status } from '@grpc/grpc-js'
import type { Grant, TokenStore } from '@jejak/access/tokens'
import { AssessmentService } from '@jejak/proto/jejak/assessment/v1/assessment'
import { CertificateService } from '@jejak/proto/jejak/certification/v1/certificate'
import { EmployeeService } from '@jejak/proto/jejak/enrollment/v1/employee'
import { EnrollmentService } from '@jejak/proto/jejak/enrollment/v1/enrollment'
import { ProgramService } from '@jejak/proto/jejak/enrollment/v1/program'
import type { Recorded } from '@jejak/proto/jejak/log/v1/log'
import { ParkedService } from '@jejak/proto/jejak/parked/v1/parked'
import { type Client, connect } from '@jejak/rpc/client'
import type { ServiceAddresses } from '@jejak/rpc/endpoints'
import { RpcError } from '@jejak/rpc/error'

const againAfterMs = 50
const patienceMs = 60_000
const deadlineMs = 20_000

/** What the same request may not meet a moment later. */
const passing: readonly status[] = [
  status.UNAVAILABLE,
  status.RESOURCE_EXHAUSTED,
  status.ABORTED,
  status.DEADLINE_EXCEEDED,
  status.CANCELLED,
]

/** What callers were told: nothing else counts as acknowledged. */
export class Ledger {
  readonly proven: { readonly entry: Uint8Array; readonly receipt: string }[] = []
  /** When each answer to a write came, in milliseconds. */
  readonly answers: number[] = []
  /** Of writes that were answered with nothing stored, or without a receipt for each entry. */
  unproven = 0
  retries = 0
  #closed = false

  keep(recorded: Recorded | undefined) {
    const { entries = [], receipts = [] } = recorded ?? {}
    this.answers.push(Date.now())
    if (entries.length === 0 || entries.length !== receipts.length) this.unproven++
    for (const [i, entry] of entries.entries()) {
      this.proven.push({ entry, receipt: receipts[i] ?? '' })
    }
  }

  /** Calls until there is an answer: what a kill has cut off is asked for again, as it was. */
  async insist<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    for (const began = Date.now(); ; ) {
      try {
        return await call()
      } catch (error) {
        const passes = error instanceof RpcError && passing.includes(error.code)
        if (!passes || this.#closed || Date.now() - began > patienceMs) throw error
        this.retries++
        await sleep(againAfterMs * (0.5 + Math.random()))
      }
    }
  }

  /** Nobody insists any more. */
  close() {
    this.#closed = true
  }

  async write(call: () => Promise<{ readonly recorded?: Recorded | undefined }>): Promise<void> {
    const { recorded } = await this.insist(call)
    this.keep(recorded)
  }
}

/** Services that run, in one process or in several. */
export type Installation = {
  /** Where they answer. */
  readonly to: string | ServiceAddresses
  /** The tokens that they know. */
  readonly tokens: TokenStore
}

/** Whoever has a token, and calls with it. */
export const caller = async ({ to, tokens }: Installation, grant: Grant) => {
  const { token } = await tokens.issue(grant)
  const open = () => connect(to, { token, deadlineMs })
  let connection = open()
  const client = <S extends DescService>(service: S): Client<S> =>
    new Proxy({} as Client<S>, {
      get: (_, method) => connection.client(service)[method as keyof Client<S>],
    })
  return {
    employees: client(EmployeeService),
    programs: client(ProgramService),
    enrollments: client(EnrollmentService),
    assessments: client(AssessmentService),
    certificates: client(CertificateService),
    parked: client(ParkedService),
    /** Connects at once where the old connection waits for its next try. */
    renew() {
      connection.close()
      connection = open()
    },
    close: () => connection.close(),
  }
}

export type Caller = Awaited<ReturnType<typeof caller>>

/** Who the clients of the services call as. */
export type Office = {
  readonly ledger: Ledger
  readonly hr: Caller
  readonly agencies: ReadonlyMap<string, Caller>
  /** A connection of the civil servant's own. */
  readonly asn: (asnId: string) => Promise<Caller>
  /** By agency. */
  readonly cohorts: ReadonlyMap<string, string>
}

export const callerOf = ({ agencies }: Office, agency: string): Caller =>
  agencies.get(agency) as Caller
