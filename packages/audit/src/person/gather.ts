import { recordsOfPerson } from '@jejak/competency/person-records'
import { aboutOf, otherRecordOf, ownerOf } from '@jejak/history/about'
import { type Fact, factOf, isLogName, type LogName, textOf } from '@jejak/history/fact'
import { mergesIn } from '@jejak/history/person-records'
import { historyRules, ruleStream } from '@jejak/history/reference'
import { type AuditedLog, bundlesOf } from './exported-logs.ts'

/** An event that is about the person, or that figures of them go by; its bytes. */
export type FoundEvent = { readonly fact: Fact; readonly entry: Buffer }

/**
 * All that the logs have about a person. One event names the next: an enrollment its programme, a
 * certificate's first event its person. So the logs are gone through until nothing new is named,
 * and nothing but what was found is kept.
 */
export const gather = async (
  logs: readonly AuditedLog[],
  asnId: string,
): Promise<readonly FoundEvent[]> => {
  const found = new Map<string, FoundEvent>()
  for (let sought = seek(asnId, []); ; ) {
    for (const log of logs) {
      if (isLogName(log.service)) await search(log, log.service, sought, found)
    }
    const facts = [...found.values()].map(({ fact }) => fact)
    const more = seek(asnId, facts)
    if (more.size === sought.size) return [...found.values()]
    sought = more
  }
}

/** Ids of records, enrollments and certificates; and names of streams that these refer to. */
const seek = (asnId: string, facts: readonly Fact[]): ReadonlySet<string> => {
  const referred = (field: string, kind: string) =>
    facts.flatMap(fact => {
      const id = textOf(fact, field)
      return id !== undefined && aboutOf(fact) ? [`${kind}/${id}`] : []
    })
  return new Set([
    ...recordsOfPerson(asnId, mergesIn(facts)),
    ...facts.flatMap(fact => ownerOf(fact)?.id ?? []),
    ...referred('programId', 'program'),
    ...referred('cohortId', 'cohort'),
    ...historyRules.map(ruleStream),
  ])
}

const search = async (
  log: AuditedLog,
  name: LogName,
  sought: ReadonlySet<string>,
  found: Map<string, FoundEvent>,
): Promise<void> => {
  const needles = [...sought, '\\u'].map(text => Buffer.from(text)) // An id can be spelled by \u.
  for await (const { first, bytes, entries } of bundlesOf(log)) {
    if (!needles.some(needle => bytes.includes(needle))) continue
    for (const [at, entry] of entries().entries()) {
      const fact = factOf(name, first + at, entry)
      if (!fact || !isSought(fact, sought)) continue
      found.set(`${name}/${first + at}`, { fact, entry: Buffer.from(entry) })
    }
  }
}

const isSought = (fact: Fact, sought: ReadonlySet<string>): boolean => {
  const about = aboutOf(fact)
  const ids = about ? [...Object.values(about), otherRecordOf(fact) ?? ''] : [fact.stream]
  return ids.some(id => sought.has(id))
}
