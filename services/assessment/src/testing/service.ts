import { hash, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { status } from '@grpc/grpc-js'
import type { Principal } from '@jejak/access/principal'
import { assessmentEvents } from '@jejak/events/assessment'
import { decode } from '@jejak/eventsourcing/entry'
import { memoryVault } from '@jejak/privacy/memory-vault'
import { BadRequestSchema, ErrorInfoSchema } from '@jejak/proto/google/rpc/error_details'
import { ArchiveService } from '@jejak/proto/jejak/assessment/v1/archive'
import { AssessmentService, Phase } from '@jejak/proto/jejak/assessment/v1/assessment'
import { FrameworkService } from '@jejak/proto/jejak/assessment/v1/framework'
import { connect } from '@jejak/rpc/client'
import type {
  AdoptedRules,
  Claimed,
  Employees,
  OpenClaims,
  Registers,
  ResolvedAssessor,
  ResolvedEmployee,
} from '@jejak/rpc/directory-client'
import { RpcError } from '@jejak/rpc/error'
import { serve } from '@jejak/rpc/serve'
import type { AdoptedRuleSet } from '@jejak/rules/rule-sets'
import { openLog } from '@jejak/storage/log/open'
import { memoryStore } from '@jejak/storage/memory'
import { generateKey, parseSigner } from '@jejak/transparency/key'
import { type AssessmentServicePorts, assessmentService } from '../service.ts'

const idOf = (token: string) => `0197a000-0000-7000-8000-${hash('sha256', token).slice(0, 12)}`
const offices = ['hr', 'auditor', 'ministry'] as const

/** A token names its owner: an office, an agency, or the id of a civil servant. */
const principalOf = (token: string | undefined): Principal | undefined => {
  if (!token) return undefined
  const role = offices.find(office => office === token)
  if (role) return { id: idOf(token), role }
  return /^[0-9a-f-]{36}$/.test(token)
    ? { id: idOf(token), role: 'asn', asnId: token }
    : { id: idOf(token), role: 'agency', agency: token }
}

/** On the register for longer than anybody assessed was there. */
const assessorId = '0197a000-0000-7000-8000-0000000000a5'

const timeOfRules = '2026-01-01T00:00:00Z'

/** Enrollment's directory, in memory; answers after a delay. */
export const openRegistry = ({ answersAfterMs = 0 } = {}) => {
  const people = new Map<string, ResolvedEmployee>()
  const nips = new Map<string, string>()
  /** The ids of open claims, by agency and record. */
  const claims = new Map<string, string>()
  const enrollments = new Map<string, string>()
  const merged = new Map<string, string>()
  const assessors = new Map<string, ResolvedAssessor>([[assessorId, { since: '1900-01-01' }]])
  const adopted: AdoptedRuleSet[] = []
  const asked = { resolve: 0, byNip: 0, owners: 0, assessors: 0 }
  return {
    asked,
    claim: (agency: string, asnId: string): string => {
      const claimId = randomUUID()
      claims.set(`${agency} ${asnId}`, claimId)
      return claimId
    },
    openClaims: async (claimed: readonly Claimed[]) =>
      claimed.map(({ agency, asnId }) => claims.get(`${agency} ${asnId}`)),
    register: (person: Partial<ResolvedEmployee> & { readonly nip?: string } = {}): string => {
      const { nip, ...rest } = person
      const asnId = person.asnId ?? randomUUID()
      const known = { agency: 'rsud-daya', position: 'perawat-ahli-pertama', status: 'active' }
      people.set(asnId, { ...known, asnId, records: [asnId], ...rest } as ResolvedEmployee)
      if (nip) nips.set(nip, asnId)
      return asnId
    },
    merge: (asnId: string, survivorId: string) => {
      const survivor = people.get(survivorId) as ResolvedEmployee
      for (const id of [asnId, survivorId]) {
        people.set(id, { ...survivor, records: [survivorId, asnId] })
      }
    },
    /** An enrollment of the person. */
    enroll: (asnId: string): string => {
      const enrollmentId = randomUUID()
      enrollments.set(enrollmentId, asnId)
      return enrollmentId
    },
    /** From now on the one has the rights of the other. */
    mergeAgency: (agency: string, successor: string) => void merged.set(agency, successor),
    /** Somebody assesses from now on, or to another day. */
    putAssessor: (assessor: ResolvedAssessor, id: string = randomUUID()): string => {
      assessors.set(id, assessor)
      return id
    },
    removeAssessor: (id: string) => void assessors.delete(id),
    assessors: async (ids: readonly string[]) => {
      asked.assessors++
      return ids.map(id => assessors.get(id))
    },
    /** Puts files of rules in force. */
    adopt: (...contents: readonly string[]): void => {
      adopted.push(...contents.map(content => ({ id: randomUUID(), time: timeOfRules, content })))
    },
    /** The same, recorded at a time. */
    adoptAt: (time: string, content: string): void => {
      adopted.push({ id: randomUUID(), time, content })
    },
    ruleSets: async (kinds: readonly string[]) => kinds.map((_, at) => (at === 0 ? adopted : [])),
    owners: async (ids: readonly string[]) => {
      asked.owners++
      return ids.map(id => enrollments.get(id))
    },
    successors: async (codes: readonly string[]) => codes.map(code => merged.get(code) ?? code),
    resolve: async (ids: readonly string[]) => {
      asked.resolve++
      if (answersAfterMs > 0) await sleep(answersAfterMs)
      return ids.map(id => people.get(id))
    },
    byNip: async (wanted: readonly string[]) => {
      asked.byNip++
      if (answersAfterMs > 0) await sleep(answersAfterMs)
      return wanted.map(nip => people.get(nips.get(nip) ?? ''))
    },
  } satisfies Employees & OpenClaims & Registers & AdoptedRules & Record<string, unknown>
}

export type Registry = ReturnType<typeof openRegistry>

/** The service behind a real server, and its clients. */
export const openTestbed = async (ports: AssessmentServicePorts & { employees: Registry }) => {
  const service = await assessmentService(ports)
  const { implementations } = service
  const server = await serve({ address: '127.0.0.1:0', implementations, authenticate: principalOf })
  const connections = new Map<string, ReturnType<typeof connect>>()
  const connection = (token: string) => {
    const open = connections.get(token) ?? connect(`127.0.0.1:${server.port}`, { token })
    connections.set(token, open)
    return open
  }
  return {
    ...ports,
    ...service,
    assessments: (token: string) => connection(token).client(AssessmentService),
    archives: (token: string) => connection(token).client(ArchiveService),
    frameworks: (token: string) => connection(token).client(FrameworkService),
    close: async () => {
      for (const { close } of connections.values()) close()
      await server.drain(1_000)
      await service.close()
      await ports.log.close()
    },
  }
}

export type Testbed = Awaited<ReturnType<typeof openTestbed>>

/**
 * The same on a log in memory. `now` is RFC 3339: the clock stands, or goes as a test says, and
 * then it is the log’s too.
 */
export const openMemoryTestbed = async (
  now: string | (() => string),
  { employees = openRegistry(), keys = memoryVault() }: Partial<MemoryPorts> = {},
) => {
  const signer = parseSigner(generateKey(source))
  const { check } = assessmentEvents
  const clock = () => Date.parse(typeof now === 'string' ? now : now())
  const store = memoryStore()
  const stamped = typeof now === 'string' ? {} : { now: clock }
  const log = await openLog({ store, origin: source, signer, check, ...stamped })
  return openTestbed({ log, source, employees, keys, clock })
}

const source = 'jejak.example/assessment'
type MemoryPorts = { readonly employees: Registry; readonly keys: AssessmentServicePorts['keys'] }

/** An assessment that the hospital submits of one of its people. */
export const assessmentOf = (asnId: string) => ({
  asnId,
  framework: 'permenpanrb-38-2017',
  competency: 'integritas',
  level: 3,
  method: 'uji-kompetensi',
  phase: Phase.BASELINE,
  assessorId,
  occurredOn: '2026-01-31',
  evidence: [{ sha256: 'ab'.repeat(32), archive: 'srikandi', identifier: '2026/0001' }],
})

/** How a call was refused; fails if it was answered. */
export const refusalOf = async (call: Promise<unknown>) => {
  const error = await call.then(
    () => new Error('the call was answered'),
    error => error,
  )
  return refusalIn(error)
}

export const refusalIn = (error: unknown) => {
  if (!(error instanceof RpcError)) throw error
  return {
    code: status[error.code],
    reason: error.reason,
    message: error.message,
    metadata: error.detail(ErrorInfoSchema)?.metadata ?? {},
    violations: (error.detail(BadRequestSchema)?.fieldViolations ?? []).map(
      ({ field, description }) => [field, description],
    ),
  }
}

/** The events in an answer's entries. */
export const eventsOf = (recorded: { readonly entries: readonly Uint8Array[] } | undefined) =>
  recorded?.entries.map(decode)
