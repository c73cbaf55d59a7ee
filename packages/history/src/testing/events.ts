import { assessmentEvents } from '@jejak/events/assessment'
import { certificationEvents } from '@jejak/events/certification'
import { enrollmentEvents } from '@jejak/events/enrollment'
import { draft, serialise } from '@jejak/eventsourcing/entry'
import {
  type DataOf,
  declarationOf,
  type EventName,
  type Fact,
  factOf,
  type LogName,
} from '../fact.ts'
import { type History, historyOf } from '../history.ts'
import { referenceOf } from '../reference.ts'
import { foundations } from '../rests-on.ts'

const catalogues = [enrollmentEvents, assessmentEvents, certificationEvents] as const

export const idOf = (number: number): string =>
  `0197a000-0000-7000-8000-${String(number).padStart(12, '0')}`

/** Of a certificate that rests on nothing, as far as a test goes. */
export const restsOnNothing: DataOf<'CertificateIssued'>['restsOn'] = foundations.map(log => ({
  log,
  size: 0,
  root: Buffer.alloc(32).toString('base64'),
  entries: [],
}))

/** A sealed field that nobody can read. */
export const sealed = {
  alg: 'A256GCM',
  keyId: idOf(900),
  iv: 'AAAAAAAAAAAAAAAA',
  ciphertext: Buffer.alloc(80).toString('base64'),
} as const

/** Records facts as the logs would: each is an entry that its catalogue accepts. */
export const eventRecorder = () => {
  const facts: Fact[] = []
  const entries = new Map<Fact, Uint8Array>()
  const versions = new Map<string, number>()
  /** At a moment (RFC 3339), or at nine in the morning of a day, in Makassar. */
  const put = (at: string, type: EventName, data: object, version?: number): Fact => {
    const owner = catalogues.find(({ declarations }) => type in declarations)
    if (!owner) throw new Error(`nobody declares ${type}`)
    const log = owner.publisher as LogName
    const newest = owner.encode({ type, ...data } as never, idOf(1_000 + facts.length))
    const [fault] = version ? [] : owner.check(newest)
    if (fault) throw new Error(`${type}: ${fault.field} ${fault.description}`)
    const event = version
      ? { ...newest, type: newest.type.replace(/\d+$/, String(version)) }
      : newest
    const { kind, id = '' } = declarationOf({ log, type }).stream
    const stream = `${kind}/${(data as Record<string, unknown>)[id]}`
    const streamversion = (versions.get(stream) ?? 0) + 1
    versions.set(stream, streamversion)
    const position = facts.filter(fact => fact.log === log).length
    const entry = serialise(
      draft(event, `jejak.test/${log}`, stream),
      streamversion,
      at.includes('T') ? new Date(at).toISOString() : `${at}T01:00:00.000Z`,
    )
    const fact = factOf(log, position, entry)
    if (!fact) throw new Error(`${type} can't be read`)
    facts.push(fact)
    entries.set(fact, entry)
    return fact
  }
  return {
    facts,
    /** The bytes of each. */
    entries,
    record: <T extends EventName>(at: string, type: T, data: DataOf<T>): Fact =>
      put(at, type, data),
    /** As a log has it that was written before. */
    recordOlder: (version: number, at: string, type: EventName, data: object): Fact =>
      put(at, type, data, version),
  }
}

/** The end of a day in Makassar. */
const endOf = (day: string): string => `${day}T23:59:59.999+08:00`

type Asked = { readonly asOf?: string; readonly known?: string; readonly of?: readonly string[] }

/** The history of Siti, or of others, at the end of 2026 if nothing else is asked. */
export const historyIn = (
  facts: readonly Fact[],
  { asOf, known, of = [siti] }: Asked = {},
): History =>
  historyOf(of, facts, referenceOf(facts), {
    ...(asOf && { asOf }),
    ...(known && { knownAt: endOf(known) }),
    now: Date.parse(endOf('2026-12-31')),
  })

/** Its lines about some facts, each as a sentence. */
export const sentencesOf = ({ lines }: History, ...types: readonly string[]): readonly string[] =>
  lines
    .filter(({ fact }) => types.includes(fact.type))
    .map(({ fact, occurredOn, state, note }) =>
      [`${occurredOn} ${fact.type} ${state}`, ...(note ? [note] : [])].join(': '),
    )

/** The levels that count, by competency. */
export const levelsIn = ({ levels }: History): Readonly<Record<string, number>> =>
  Object.fromEntries(levels.map(({ competency, level }) => [competency, level]))

export const siti = idOf(1)

/** Siti serves at the hospital, and was registered when it joined. */
export const registered = (
  { record }: Pick<EventRecorder, 'facts' | 'record'>,
  asnId = siti,
  day = '2026-01-05',
  since = '2020-01-01',
): void => {
  record(day, 'SubjectKeyCreated', { asnId, keyId: idOf(900), commitment: 'ab'.repeat(32) })
  record(day, 'EmployeeRegistered', { asnId, person: sealed })
  const posting = { agency: 'rsud-daya', position: 'perawat-ahli-pertama', since }
  record(day, 'EmployeePosted', { asnId, ...posting })
}

export const assessment = (id: number, level: number, occurredOn: string) => ({
  assessmentId: idOf(id),
  asnId: siti,
  framework: 'permenpanrb-38-2017',
  competency: 'integritas',
  level,
  method: 'uji-kompetensi',
  phase: 'baseline' as const,
  assessorId: idOf(901),
  occurredOn,
  evidence: [{ sha256: 'ab'.repeat(32) }],
})

export type EventRecorder = ReturnType<typeof eventRecorder>
