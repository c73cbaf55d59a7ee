import { randomFillSync } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import DataLoader from 'dataloader'
import { LRUCache } from 'lru-cache'
import { v7 } from 'uuid'
import { type Decider, fold, isRefusal, type Outcome, type Refusal } from './decider.ts'
import { decode, type Entry } from './entry.ts'
import type {
  Appended,
  AppendRefused,
  EventLog,
  NewEvent,
  Request,
  StreamPage,
  StreamQuery,
} from './log.ts'

const attemptsMax = 10
const backOffMinMs = 2
const backOffMaxMs = 200
const rememberedStatesMax = 2_000

/** How events of a stream go into entries, and are read out of them: a catalogue is one. */
export type Codec<Event extends { readonly type: string }> = {
  readonly encode: (event: Event, id: string) => NewEvent
  /** Undefined where the entry is none of the stream's business. */
  readonly lift: (entry: Entry, bytes: Uint8Array) => Event | undefined
  /**
   * Makes an event fit for the place it is about to take, which moves from try to try: what must
   * not stand readable in the log is sealed for that place.
   */
  readonly seal?: (
    event: NewEvent,
    at: { readonly stream: string; readonly version: number },
  ) => NewEvent
}

export type Transact<State, Event, Refused extends string = never> = {
  readonly stream: string
  /** Pure; called again with a newer state where another writer was faster. */
  readonly decide: (state: State) => Outcome<Event, Refused>
  readonly request?: Request
  /** Put on every event: `actor`, `agency`, `correlationid`, `causationid`. */
  readonly attributes?: NewEvent['attributes']
}

/** What came of it: stored now or earlier under the same request key; nothing to do; or refused. */
export type Transacted<Refused extends string> =
  | { readonly appended: Appended }
  | { readonly unchanged: true }
  | Refusal<Refused>
  | AppendRefused

/** A stream's state as of a version. */
type Known<State> = { readonly state: State; readonly version: number }

/** What is remembered of a stream: the state, and what was appended since, not read yet. */
type Remembered<State> = Known<State> & { readonly appended?: readonly Uint8Array[] }

/**
 * Read, decide, append, for all streams of one kind. States are remembered: an append proves that
 * the state was the newest; a refusal or a no-op is confirmed against the head of the stream.
 */
// tidy: closures over one memory of states.
export const transactor = <State, Event extends { readonly type: string }>(
  log: EventLog,
  decider: Decider<State, Event>,
  codec: Codec<Event>,
) => {
  const memory = new LRUCache<string, Remembered<State>>({ max: rememberedStatesMax })
  // Reads that arrive together for different streams go out as one query.
  const reads = new DataLoader<StreamQuery, StreamPage>(queries => log.readStreams(queries), {
    cache: false,
    maxBatchSize: 256,
  })

  const readable = (entries: readonly Uint8Array[]) =>
    entries.flatMap(entry => codec.lift(decode(entry), entry) ?? [])

  /** Most streams are not decided on again soon: what was appended is read when one is. */
  const remembered = (stream: string): Known<State> | undefined => {
    const found = memory.get(stream)
    if (!found?.appended) return found
    const { version, appended } = found
    const known = { state: fold(decider, found.state, readable(appended)), version }
    memory.set(stream, known)
    return known
  }

  const newest = async (stream: string, from?: Known<State>): Promise<Known<State>> => {
    let known = from ?? { state: decider.initial, version: 0 }
    for (let end = false; !end; ) {
      const query = known.version > 0 ? { stream, from: known.version + 1 } : { stream }
      const page = await reads.load(query)
      const events = readable(page.events.map(({ entry }) => entry))
      const version = page.events.at(-1)?.version ?? known.version
      known = { state: fold(decider, known.state, events), version }
      end = page.end
    }
    if (known.version > 0) memory.set(stream, known)
    return known
  }

  const append = async <R extends string>(
    { stream, request, attributes }: Transact<State, Event, R>,
    known: Known<State>,
    events: readonly Event[],
  ) => {
    const result = await log.append({
      stream,
      expected: known.version,
      events: events.map((event, index) => {
        const encoded = codec.encode(event, newId())
        const at = { stream, version: known.version + 1 + index }
        const sealed = codec.seal?.(encoded, at) ?? encoded
        return attributes ? { ...sealed, attributes } : sealed
      }),
      ...(request && { request }),
    })
    if (!('refused' in result) && !result.repeated) {
      const version = known.version + events.length
      // As it is in the log: a state must not keep what was sealed on the way there.
      memory.set(stream, { state: known.state, version, appended: result.entries })
    }
    return result
  }

  const recalled = async (request: Request | undefined) => {
    const before = request && (await log.recall(request))
    return before && ('refused' in before ? before : { appended: before })
  }

  const transact = async <R extends string>(
    wanted: Transact<State, Event, R>,
  ): Promise<Transacted<R>> => {
    const { stream, decide, request } = wanted
    const before = remembered(stream)
    let known = before ?? (await newest(stream))
    let conflict: AppendRefused | undefined
    for (let attempt = 0; attempt < attemptsMax; attempt++) {
      const outcome = decide(known.state)
      if (isRefusal(outcome) || outcome.length === 0) {
        const earlier = await recalled(request)
        if (earlier) return earlier
        // What was read for this decision needs no confirmation: only what was remembered does.
        const head = known === before ? await newest(stream, known) : known
        if (head.version === known.version) {
          return isRefusal(outcome) ? outcome : { unchanged: true }
        }
        known = head
        continue
      }
      const result = await append(wanted, known, outcome)
      if (!('refused' in result)) return { appended: result }
      if (result.refused !== 'VersionConflict') return result
      conflict = result
      await sleep(backOff(attempt))
      known = await newest(stream, known)
    }
    return (
      conflict ?? { refused: 'Busy', reason: 'the stream keeps moving', retryAfterMs: backOffMaxMs }
    )
  }

  return {
    transact,
    /** The state as of the stream's head. */
    read: async (stream: string): Promise<State> =>
      (await newest(stream, remembered(stream))).state,
  }
}

/** Doubles from try to try, with jitter, so that competing deciders part. */
const backOff = (attempt: number) =>
  Math.min(backOffMaxMs, backOffMinMs * 2 ** attempt) * (0.5 + Math.random() / 2)

const randomBytes = 16
const pool = Buffer.alloc(256 * randomBytes)
let used = pool.length

/** A UUIDv7 (RFC 9562): in order of time. Randomness is fetched for many at once. */
export const newId = (): string => {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  used += randomBytes
  return v7({ random: pool.subarray(used - randomBytes, used) })
}

/** The streams of one kind, `<kind>/<id>`: decided on, and read, by their ids. */
export const streamsOfKind = <State, Event extends { readonly type: string }>(
  log: EventLog,
  kind: string,
  decider: Decider<State, Event>,
  codec: Codec<Event>,
) => {
  const { transact, read } = transactor(log, decider, codec)
  const streamOf = (id: string) => `${kind}/${id}`
  return {
    transact: <R extends string>(id: string, rest: Omit<Transact<State, Event, R>, 'stream'>) =>
      transact({ stream: streamOf(id), ...rest }),
    read: (id: string) => read(streamOf(id)),
  }
}
