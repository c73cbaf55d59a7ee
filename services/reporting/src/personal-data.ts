import { correctedFields, type PersonalFields } from '@jejak/competency/personal-data'
import { nipOn } from '@jejak/competency/posting'
import { assessmentEvents } from '@jejak/events/assessment'
import { certificationEvents } from '@jejak/events/certification'
import { enrollmentEvents } from '@jejak/events/enrollment'
import { decode } from '@jejak/eventsourcing/entry'
import type { Codec } from '@jejak/eventsourcing/transact'
import { declarationOf, type Fact, type LogName, named, textOf } from '@jejak/history/fact'
import { type SealedField, sealing, unseal } from '@jejak/privacy/seal'
import type { SubjectKeys } from '@jejak/privacy/vault'
import { type FactLogs, readEntries } from './log-entries.ts'

export type PersonalDataPorts = {
  readonly logs: FactLogs
  /** Open what is sealed. */
  readonly keys: SubjectKeys
}

export type FactData = Readonly<Record<string, unknown>>

/** The data of each fact that has a sealed field: opened, or null if its key was destroyed. */
export const openSealed = async (
  { logs, keys }: PersonalDataPorts,
  facts: readonly Fact[],
): Promise<ReadonlyMap<Fact, FactData>> => {
  const sealed = facts.filter(fact => sealedIn(fact).length > 0)
  const subjects = [...new Set(sealed.map(subjectOf))]
  const [entries, found] = await Promise.all([readEntries(logs, sealed), keys.keys(subjects)])
  const keyOf = new Map(subjects.map((subject, at) => [subject, found[at] ?? 'erased']))
  return new Map(
    [...entries].map(([fact, entry]) => {
      const { type: _, ...data } = codecs[fact.log].lift(decode(entry), entry) ?? fact
      const key = keyOf.get(subjectOf(fact)) ?? 'erased'
      const sealed = data as Readonly<Record<string, SealedField>>
      const fields = sealedIn(fact).map(name => [
        name,
        unseal(sealed[name] as SealedField, key) ?? null,
      ])
      return [fact, { ...data, ...Object.fromEntries(fields) }]
    }),
  )
}

/** The names of the personal fields that were opened, for the read audit. */
export const openedFields = (opened: ReadonlyMap<Fact, FactData>): readonly string[] => {
  const names = [...opened].flatMap(([fact, open]) =>
    sealedIn(fact)
      .filter(name => open[name] !== null)
      .flatMap(name => {
        const value = open[name]
        return typeof value === 'object' && value !== null ? Object.keys(value) : [name]
      }),
  )
  return [...new Set(names)].sort()
}

/** An event may be without a field that can be sealed. */
const sealedIn = (fact: Fact): readonly string[] =>
  declarationOf(fact).sealed.filter(name => name in fact.data)

/** A sealed field is sealed with the key of the record that the event names. */
const subjectOf = (fact: Fact): string => textOf(fact, 'asnId') ?? ''

/** They tell each sealed field its place in the log: it opens nowhere else. */
const codecs: Readonly<Record<LogName, Required<Codec<{ readonly type: string }>>>> = {
  enrollment: sealing(enrollmentEvents as unknown as Codec<{ readonly type: string }>, ''),
  assessment: sealing(assessmentEvents as unknown as Codec<{ readonly type: string }>, ''),
  certification: sealing(certificationEvents as unknown as Codec<{ readonly type: string }>, ''),
}

/** As enrollment recorded it: NIP, name, birth date, and more if it is known. */
export type OpenedPersonalData = { nip: string; name: string } & Record<string, string>

/** The personal data of each record as corrected, with its NIP on the day; undefined if erased. */
export const personalDataOf = async (
  ports: PersonalDataPorts,
  records: readonly { readonly asnId: string; readonly facts: readonly Fact[] }[],
  day: string,
): Promise<readonly (OpenedPersonalData | undefined)[]> => {
  const own = records.map(({ asnId, facts }) =>
    named(facts, 'EmployeeRegistered', 'NipChanged', 'PersonalDataCorrected')
      .filter(fact => textOf(fact, 'asnId') === asnId)
      .toSorted((a, b) => a.version - b.version),
  )
  const opened = await openSealed(ports, own.flat())
  return own.map(facts => {
    const [registration] = named(facts, 'EmployeeRegistered')
    const person =
      registration && (opened.get(registration)?.['person'] as OpenedPersonalData | null)
    if (!person) return undefined
    const changes = named(facts, 'NipChanged').flatMap(fact => {
      const nip = opened.get(fact)?.['nip']
      return typeof nip === 'string' ? [{ nip, since: fact.data.since }] : []
    })
    const corrections = named(facts, 'PersonalDataCorrected').flatMap(fact => {
      const fields = opened.get(fact)?.['person'] as PersonalFields | null | undefined
      return fields ? [fields] : []
    })
    return { ...correctedFields(person, corrections), nip: nipOn(person.nip, changes, day) }
  })
}

/** The names of all fields that the records have, for the read audit. */
export const fieldsOf = (records: readonly (OpenedPersonalData | undefined)[]): readonly string[] =>
  [...new Set(records.flatMap(each => Object.keys(each ?? {})))].sort()
