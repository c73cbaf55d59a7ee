import { type Decider, fold, type Outcome, refuse } from '@jejak/eventsourcing/decider'
import { decode, type Entry } from '@jejak/eventsourcing/entry'
import type { NewEvent, StreamPage, StreamQuery } from '@jejak/eventsourcing/log'
import type { Codec } from '@jejak/eventsourcing/transact'

/** A version of a stream in a log of another service. */
export type Version = { readonly log: string; readonly stream: string; readonly version: number }

export type VersionDiscarded = Version & {
  readonly type: 'VersionDiscarded'
  readonly reason: string
}

/** What a service goes on without: of each stream, the versions. */
export type Discards = ReadonlyMap<string, ReadonlySet<number>>

export const discards: Decider<Discards, VersionDiscarded> = {
  initial: new Map(),
  evolve: {
    VersionDiscarded: (state, discarded) => {
      const versions = new Set(state.get(keyOf(discarded))).add(discarded.version)
      return new Map(state).set(keyOf(discarded), versions)
    },
  },
}

export type Refused = 'NotParked' | 'ParkedAtOther'

/** Only where its stream is parked: what has taken effect already is not taken back. */
export const discard = (
  current: Discards,
  { log, stream, version }: Version,
  reason: string,
  parkedAt: number | undefined,
): Outcome<VersionDiscarded, Refused> => {
  if (isDiscarded(current, { log, stream, version })) return []
  if (parkedAt === undefined) return refuse('NotParked')
  if (parkedAt !== version) return refuse('ParkedAtOther')
  return [{ type: 'VersionDiscarded', log, stream, version, reason }]
}

export const isDiscarded = (discards: Discards, version: Version): boolean =>
  discards.get(keyOf(version))?.has(version.version) ?? false

/** A log's name has no slash. */
export const keyOf = ({ log, stream }: Version) => `${log}/${stream}`

/** All of a service's are in one stream of its own log. */
export const discardsStream = 'discards'

/** A stream that a service has stopped hearing of, and the version that it failed at. */
export type ParkedStream = Version & {
  readonly reason: string
  readonly attempts: number
  /** RFC 3339. */
  readonly firstAt: string
}

/** What keeps a service's documents, as far as parked streams go. */
export type ParkedGate = {
  /** In the order of their logs and names. */
  readonly parked: () => AsyncIterable<ParkedStream>
  /** False where it is parked again. */
  readonly retry: (log: string, stream: string) => Promise<boolean>
}

/** The catalogue of a service that can discard. */
export type DiscardEvents = {
  readonly encode: (event: VersionDiscarded, id: string) => NewEvent
  readonly lift: (entry: Entry) => VersionDiscarded | { readonly type: string } | undefined
}

/** The stream has no others. */
export const codecOf = (events: DiscardEvents) => events as Codec<VersionDiscarded>

/** The discards of a service as its log has them, whichever process or thread writes it. */
export const openDiscards = async (
  read: (query: StreamQuery) => Promise<StreamPage>,
  events: DiscardEvents,
) => {
  const { lift } = codecOf(events)
  let known = { state: discards.initial, version: 0 }
  const newest = async (): Promise<Discards> => {
    let { state, version } = known
    for (let end = false; !end; ) {
      const page = await read({ stream: discardsStream, from: version + 1 })
      const happened = page.events.flatMap(({ entry }) => lift(decode(entry), entry) ?? [])
      state = fold(discards, state, happened)
      version = page.events.at(-1)?.version ?? version
      end = page.end
    }
    known = { state, version }
    return state
  }
  await newest()
  return {
    /** Whether it was discarded when that was last read. */
    had: (version: Version): boolean => isDiscarded(known.state, version),
    /** Whether it is discarded by now. */
    has: async (log: string, stream: string, version: number): Promise<boolean> =>
      isDiscarded(await newest(), { log, stream, version }),
    /** Has streams go on whose discards were cut off by a crash, or made of another model. */
    async settle({ parked, retry }: ParkedGate): Promise<void> {
      const state = await newest()
      for await (const one of parked())
        if (isDiscarded(state, one)) await retry(one.log, one.stream)
    },
  }
}
