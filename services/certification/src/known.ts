import type { PublisherHistory } from '@jejak/consumer/port'
import { type Fact, factOf, isLogName, named } from '@jejak/history/fact'
import { countingFor, type KnownHead, type RestsOn, restsOn } from '@jejak/history/rests-on'
import { leafHash } from '@jejak/transparency/hash'
import type { Attested } from './certificate.ts'

export type KnownPorts = {
  /** Reads the streams of publishers, each event proven. */
  readonly proven: PublisherHistory
  /** The signed heads of the logs that a certificate rests on. */
  readonly heads: () => Promise<readonly KnownHead[]>
}

/** The publishers' logs as they were at their heads: what comes later is not read. */
export type Known = {
  readonly history: PublisherHistory
  /** Whether a stream that was read has events behind the head. */
  readonly hasMore: () => boolean
  /** What a certificate rests on, of all that was read. */
  readonly restsOn: (attested: Attested) => RestsOn
  /** Whether the training was completed on a day that is yet to come here. */
  readonly isCompletedLater: (attested: Attested) => boolean
}

export const openKnown = async ({ proven, heads }: KnownPorts): Promise<Known> => {
  const known = await heads()
  const sizes = new Map<string, number>(known.map(({ log, size }) => [log, size]))
  const read = new Map<string, readonly [Fact, Uint8Array]>()
  let hasMore = false
  return {
    hasMore: () => hasMore,
    async history(log, query) {
      const page = await proven(log, query)
      const events = page.events.filter(({ position }) => position < (sizes.get(log) ?? 0))
      for (const { position, entry } of events) {
        const fact = isLogName(log) ? factOf(log, position, entry) : undefined
        if (fact) read.set(`${log} ${position}`, [fact, leafHash(entry)])
      }
      if (events.length === page.events.length) return page
      hasMore = true
      return { ...page, events, end: true }
    },
    isCompletedLater({ enrollmentId, issuedOn }) {
      const facts = Array.from(read.values(), ([fact]) => fact)
      return named(facts, 'EnrollmentCompleted').some(
        ({ data }) => data.enrollmentId === enrollmentId && data.completedOn > issuedOn,
      )
    },
    restsOn(attested) {
      const leaves = new Map(read.values())
      const facts = [...leaves.keys()].toSorted((a, b) => a.position - b.position)
      const leafOf = (fact: Fact) => leaves.get(fact) as Uint8Array
      return restsOn(known, countingFor(attested, facts), leafOf)
    },
  }
}
