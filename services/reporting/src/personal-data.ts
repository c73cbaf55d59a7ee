import { assessmentEvents } from '@jejak/events/assessment'
import { certificationEvents } from '@jejak/events/certification'
import { enrollmentEvents } from '@jejak/events/enrollment'
import { decode } from '@jejak/eventsourcing/entry'
import type { Codec } from '@jejak/eventsourcing/transact'
import { type Fact, type LogName, textOf } from '@jejak/history/fact'
import { open, type Sealed } from '@jejak/privacy/seal'
import { sealing } from '@jejak/privacy/sealing'
import type { HttpPorts } from './http/ports.ts'
import { readEntries } from './log-entries.ts'

export type Data = Readonly<Record<string, unknown>>

/** What each fact says that has something sealed: opened, or null where it can't be any more. */
export const openSealed = async (
  { logs, keys }: Pick<HttpPorts, 'logs' | 'keys'>,
  facts: readonly Fact[],
): Promise<ReadonlyMap<Fact, Data>> => {
  const sealed = facts.filter(({ data }) => Object.values(data).some(isSealed))
  const subjects = [...new Set(sealed.map(subjectOf))]
  const [entries, found] = await Promise.all([readEntries(logs, sealed), keys.keys(subjects)])
  const keyOf = new Map(subjects.map((subject, at) => [subject, found[at] ?? 'erased']))
  return new Map(
    [...entries].map(([fact, entry]) => {
      const { type: _, ...data } = codecs[fact.log].lift(decode(entry), entry) ?? fact
      const key = keyOf.get(subjectOf(fact)) ?? 'erased'
      const fields = Object.entries(data).map(([name, value]) => [
        name,
        isSealed(value) ? (open(value, key) ?? null) : value,
      ])
      return [fact, Object.fromEntries(fields)]
    }),
  )
}

/** The names of what was opened: those of the parts where it has some. */
export const openedFields = (opened: ReadonlyMap<Fact, Data>): readonly string[] => {
  const names = [...opened].flatMap(([{ data }, said]) =>
    Object.keys(data)
      .filter(name => isSealed(data[name]) && said[name] !== null)
      .flatMap(name => {
        const value = said[name]
        return typeof value === 'object' && value !== null ? Object.keys(value) : [name]
      }),
  )
  return [...new Set(names)].sort()
}

const isSealed = (value: unknown): value is Sealed =>
  typeof value === 'object' && value !== null && (value as Partial<Sealed>).alg === 'A256GCM'

/** Whatever is sealed is sealed for the record that the event names. */
const subjectOf = (fact: Fact): string => textOf(fact, 'asnId') ?? ''

/** They say of each sealed field where it stands: it opens nowhere else. */
const codecs: Readonly<Record<LogName, Required<Codec<{ readonly type: string }>>>> = {
  enrollment: sealing(enrollmentEvents as unknown as Codec<{ readonly type: string }>, ''),
  assessment: sealing(assessmentEvents as unknown as Codec<{ readonly type: string }>, ''),
  certification: sealing(certificationEvents as unknown as Codec<{ readonly type: string }>, ''),
}
