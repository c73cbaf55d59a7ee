import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { status } from '@grpc/grpc-js'
import type { Principal } from '@jejak/access/principal'
import { openTokens } from '@jejak/access/tokens'
import { enrollmentEvents } from '@jejak/events/enrollment'
import { decode } from '@jejak/eventsourcing/entry'
import type { ProjectionStore } from '@jejak/eventsourcing/projection'
import { type MemoryRows, memoryVault } from '@jejak/privacy/memory-vault'
import { sqliteVault } from '@jejak/privacy/sqlite-vault'
import type { Vault } from '@jejak/privacy/vault'
import { wrappingKey } from '@jejak/privacy/wrapping'
import { BadRequestSchema, ErrorInfoSchema } from '@jejak/proto/google/rpc/error_details'
import { AgencyService } from '@jejak/proto/jejak/enrollment/v1/agency'
import { AssessorService } from '@jejak/proto/jejak/enrollment/v1/assessor'
import { CareerService } from '@jejak/proto/jejak/enrollment/v1/career'
import { ClaimService } from '@jejak/proto/jejak/enrollment/v1/claim'
import { EmployeeService } from '@jejak/proto/jejak/enrollment/v1/employee'
import { EnrollmentService } from '@jejak/proto/jejak/enrollment/v1/enrollment'
import { LearningService } from '@jejak/proto/jejak/enrollment/v1/learning'
import { ProgramService } from '@jejak/proto/jejak/enrollment/v1/program'
import { RuleService } from '@jejak/proto/jejak/enrollment/v1/rules'
import { SubjectRequestService } from '@jejak/proto/jejak/enrollment/v1/subject_request'
import { connect } from '@jejak/rpc/client'
import { RpcError } from '@jejak/rpc/error'
import { serve } from '@jejak/rpc/serve'
import { openLog } from '@jejak/storage/log/open'
import { sqliteProjections } from '@jejak/storage/sqlite/projections'
import { sqliteStore } from '@jejak/storage/sqlite/store'
import { generateKey, parseSigner } from '@jejak/transparency/key'
import { enrollmentService, type ServicePorts } from '../service.ts'

const offices = ['hr', 'auditor', 'ministry'] as const
const agencies = ['rsud-daya', 'dinkes'] as const

/** A token names its owner: an office, an agency, or the id of a civil servant. */
const principalOf = (token: string | undefined): Principal | undefined => {
  const id = '0197a000-0000-7000-8000-0000000000f0'
  const role = offices.find(office => office === token)
  if (role) return { id, role }
  const agency = agencies.find(code => code === token)
  if (agency)
    return { id: id.replace('f0', agency === 'dinkes' ? 'f1' : 'f2'), role: 'agency', agency }
  return token ? { id: id.replace('f0', 'f3'), role: 'asn', asnId: token } : undefined
}

const source = 'jejak.example/enrollment'

type Stores = {
  readonly store: Parameters<typeof openLog>[0]['store']
  readonly projections: ProjectionStore
  /** By default in memory, as a signer that is made for it. */
  readonly vault?: Vault
  readonly tokens?: ServicePorts['tokens']
  readonly key?: string
}

/** The service behind a real server, and its clients. It begins on 2026-04-01. */
export const openTestbed = async (stores: Stores) => {
  const { store, projections, key = generateKey(source) } = stores
  const signer = parseSigner(key)
  const { check } = enrollmentEvents
  const log = await openLog({ store, origin: source, signer, check })
  const rows: MemoryRows = { keys: new Map(), nips: new Map() }
  const revoked = new Set<string>()
  const time = { ms: Date.parse('2026-04-01T00:00:00Z') }
  const clock = () => time.ms
  const ports: ServicePorts = {
    log,
    source,
    vault: stores.vault ?? memoryVault(rows),
    tokens: stores.tokens ?? {
      revokeOf(asnIds) {
        for (const asnId of asnIds) revoked.add(asnId)
        return asnIds.length
      },
    },
    store: projections,
    clock,
  }
  const service = await enrollmentService(ports)
  const { implementations, employees } = service
  const server = await serve({ address: '127.0.0.1:0', implementations, authenticate: principalOf })
  const connections = new Map<string, ReturnType<typeof connect>>()
  const connection = (token: string) => {
    const open = connections.get(token) ?? connect(`127.0.0.1:${server.port}`, { token })
    connections.set(token, open)
    return open
  }
  return {
    ...ports,
    ports,
    /** The time of the service's clock. */
    time,
    openRequests: service.openRequests,
    /** Whose tokens have ended. */
    revoked,
    /** The rows of the vault. */
    rows,
    directory: employees,
    employees: (token: string) => connection(token).client(EmployeeService),
    agencies: (token: string) => connection(token).client(AgencyService),
    assessors: (token: string) => connection(token).client(AssessorService),
    career: (token: string) => connection(token).client(CareerService),
    rules: (token: string) => connection(token).client(RuleService),
    claims: (token: string) => connection(token).client(ClaimService),
    programs: (token: string) => connection(token).client(ProgramService),
    learning: (token: string) => connection(token).client(LearningService),
    enrollments: (token: string) => connection(token).client(EnrollmentService),
    subjectRequests: (token: string) => connection(token).client(SubjectRequestService),
    close: async () => {
      for (const { close } of connections.values()) close()
      await server.drain(1_000)
      await service.close()
      await ports.log.close()
    },
  }
}

export type Testbed = Awaited<ReturnType<typeof openTestbed>>

/** The files of an installation: the same again in each process that opens the folder. */
export const storesIn = async (folder: string, key: string): Promise<Required<Stores>> => {
  const vaultFile = join(folder, 'vault.db')
  const wrapping = wrappingKey({
    file: join(folder, 'wrapping.key'),
    isNew: !existsSync(vaultFile),
    onMade: () => {},
  })
  return {
    store: await sqliteStore(join(folder, 'enrollment.db')),
    projections: sqliteProjections(join(folder, 'lists')),
    vault: await sqliteVault(vaultFile, wrapping),
    tokens: openTokens(join(folder, 'tokens.db')),
    key,
  }
}

export const keyOfLog = () => generateKey(source)

/** How a call was refused; fails if it was answered. */
export const refusalOf = async (call: Promise<unknown>) => {
  const error = await call.then(
    () => new Error('the call was answered'),
    error => error,
  )
  if (!(error instanceof RpcError)) throw error
  const fields = error.detail(BadRequestSchema)?.fieldViolations.map(({ field }) => field)
  return {
    code: status[error.code],
    reason: error.reason,
    metadata: error.detail(ErrorInfoSchema)?.metadata ?? {},
    message: error.message,
    ...(fields && { fields }),
  }
}

/** Makes a call during which the process dies before it writes to a stream: nothing is stored. */
export const dyingBefore = async (
  { log }: Pick<Testbed, 'log'>,
  stream: string,
  call: () => Promise<unknown>,
): Promise<void> => {
  const { append } = log
  const dying: typeof append = request =>
    request.stream === stream ? Promise.reject(new Error('dead')) : append(request)
  Object.assign(log, { append: dying })
  const { code } = await refusalOf(call()).finally(() => Object.assign(log, { append }))
  if (code !== 'INTERNAL') throw new Error(`it did not die, but was refused with ${code}`)
}

/** Makes a call that others overtake: they are done before it first writes to a stream. */
export const overtaken = async <Answer>(
  { log }: Pick<Testbed, 'log'>,
  stream: string,
  others: () => Promise<unknown>,
  call: () => Promise<Answer>,
): Promise<Answer> => {
  const { append } = log
  const waiting: typeof append = async request => {
    if (request.stream !== stream) return append(request)
    Object.assign(log, { append })
    await others()
    return append(request)
  }
  Object.assign(log, { append: waiting })
  return call().finally(() => Object.assign(log, { append }))
}

/** The names of the events in an answer's entries. */
export const namesOf = (recorded: { readonly entries: readonly Uint8Array[] } | undefined) =>
  recorded?.entries.map(entry => decode(entry).type.split('.')[2])

export const siti = {
  nip: '198609262015051001',
  name: 'Siti Aminah, S.Kep.',
  birthDate: '1986-09-26',
}
export const andi = { nip: '196804111993031009', name: 'Andi Baso', birthDate: '1968-04-11' }
export const rsud = { agency: 'rsud-daya', position: 'perawat-ahli-pertama', since: '2020-01-01' }
export const dinkes = { agency: 'dinkes', position: 'perawat-ahli-muda', since: '2026-05-01' }

/** Somebody who still serves is erased by a decision that overrides retention. */
export const erasureOf = (asnId: string) => ({
  asnId,
  basis: 'UU 27/2022 Pasal 43',
  disposition: 'musnah',
  overrideReason: 'Putusan PTUN 12/G/2026',
})

/** Registers a person. */
export const registered = async (
  { employees }: Pick<Testbed, 'employees'>,
  person: { nip: string; name: string; birthDate: string } = siti,
  posting: typeof rsud = rsud,
) => {
  const request = { requestId: randomUUID(), person, posting }
  const { asnId } = await employees('hr').registerEmployee(request)
  return asnId
}

/** A course elsewhere, without a certificate. */
export const course = {
  form: 11,
  title: 'Kursus Bahasa Isyarat',
  organiser: 'Gerkatin',
  startsOn: '2026-03-01',
  endsOn: '2026-03-02',
  claimedJp: 8,
}

export const syllabus = {
  code: 'mrs-2026',
  title: 'Manajemen Rumah Sakit',
  field: 'kesehatan',
  targets: [{ framework: 'permenpanrb-38-2017', competency: 'integritas', level: 3 }],
  modules: [
    { code: 'mutu', title: 'Mutu Layanan', jp: 8, practiceJp: 4 },
    { code: 'etika', title: 'Etika Kerja', jp: 4, practiceJp: 0 },
  ],
  validityMonths: 36,
}

export const published = async ({ programs }: Pick<Testbed, 'programs'>, program = syllabus) => {
  const request = { requestId: randomUUID(), program }
  return (await programs('hr').publishProgram(request)).programId
}

export const week = { title: 'Angkatan I', startsOn: '2026-03-02', endsOn: '2026-03-06' }

/** Publishes a programme and opens a cohort of it. */
export const opened = async (bed: Pick<Testbed, 'programs'>, capacity: number) => {
  const programId = await published(bed)
  const request = { requestId: randomUUID(), cohort: { ...week, programId, capacity } }
  return { programId, cohortId: (await bed.programs('hr').openCohort(request)).cohortId }
}
