import { type Decider, fold, type Outcome, refuse } from '@jejak/eventsourcing/decider'
import { decode, type Entry } from '@jejak/eventsourcing/entry'
import type { NewEvent, StreamPage, StreamQuery } from '@jejak/eventsourcing/log'
import type { Codec } from '@jejak/eventsourcing/transact'
import type { Consumer } from './consumer.ts'

/** A version of a stream in a log of another service. */
export type Version = { readonly log: string; readonly stream: string; readonly version: number }

export type VersionDiscarded = Version & {
  readonly type: 'VersionDiscarded'
  readonly reason: string
}

/** The versions that a service leaves out, by stream. */
export type Discards = ReadonlyMap<string, ReadonlySet<number>>

export const discards: Decider<Discards, VersionDiscarded> = {
  initial: new Map(),
  evolve: {
    VersionDiscarded: (state, discarded) => {
      const versions = new Set(state.get(streamKey(discarded))).add(discarded.version)
      return new Map(state).set(streamKey(discarded), versions)
    },
  },
}

export type DiscardRefused = 'NotParked' | 'ParkedAtOther'

/** Only if its stream is parked: what was applied already is not taken back. */
export const discard = (
  current: Discards,
  { log, stream, version }: Version,
  reason: string,
  parkedAt: number | undefined,
): Outcome<VersionDiscarded, DiscardRefused> => {
  if (isDiscarded(current, { log, stream, version })) return []
  if (parkedAt === undefined) return refuse('NotParked')
  if (parkedAt !== version) return refuse('ParkedAtOther')
  return [{ type: 'VersionDiscarded', log, stream, version, reason }]
}

export const isDiscarded = (discards: Discards, version: Version): boolean =>
  discards.get(streamKey(version))?.has(version.version) ?? false

/** A log's name has no slash. */
export const streamKey = ({ log, stream }: Pick<Version, 'log' | 'stream'>): string =>
  `${log}/${stream}`

/** All of a service's are in one stream of its own log. */
export const discardsStream = 'discards'

/** The catalogue of a service that can discard. */
export type DiscardEvents = {
  readonly encode: (event: VersionDiscarded, id: string) => NewEvent
  readonly lift: (entry: Entry) => VersionDiscarded | { readonly type: string } | undefined
}

/** The stream has no other events. */
export const discardCodec = (events: DiscardEvents) => events as Codec<VersionDiscarded>

/** The discards of a service as its log has them, whichever process or thread writes it. */
export const openDiscards = async (
  read: (query: StreamQuery) => Promise<StreamPage>,
  events: DiscardEvents,
) => {
  const { lift } = discardCodec(events)
  let last = { state: discards.initial, version: 0 }
  const readOn = async (): Promise<Discards> => {
    let { state, version } = last
    for (let end = false; !end; ) {
      const page = await read({ stream: discardsStream, from: version + 1 })
      const happened = page.events.flatMap(({ entry }) => lift(decode(entry), entry) ?? [])
      state = fold(discards, state, happened)
      version = page.events.at(-1)?.version ?? version
      end = page.end
    }
    last = { state, version }
    return state
  }
  await readOn()
  return {
    /** Whether it was discarded when the log was last read. */
    had: (version: Version): boolean => isDiscarded(last.state, version),
    /** Whether it is discarded by now. */
    has: async (log: string, stream: string, version: number): Promise<boolean> =>
      isDiscarded(await readOn(), { log, stream, version }),
    /** Retries streams whose discard was cut off by a crash, or made for another projection. */
    async settle({ parked, retry }: Pick<Consumer, 'parked' | 'retry'>): Promise<void> {
      const state = await readOn()
      for await (const one of parked())
        if (isDiscarded(state, one)) await retry(one.log, one.stream)
    },
  }
}
