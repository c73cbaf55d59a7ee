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
const cachedStatesMax = 2_000

/** How events of a stream go into entries, and are read out of them: a catalogue is one. */
export type Codec<Event extends { readonly type: string }> = {
  readonly encode: (event: Event, id: string) => NewEvent
  /** Undefined if the entry does not concern the stream. */
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
  /** Pure; called again with a newer state if another writer was faster. */
  readonly decide: (state: State) => Outcome<Event, Refused>
  readonly request?: Request
  /** Put on every event: `actor`, `agency`, `correlationid`, `causationid`. */
  readonly attributes?: NewEvent['attributes']
}

/** Stored, now or earlier under the same request key; or there was nothing to do; or refused. */
export type Transacted<Refused extends string> =
  | { readonly appended: Appended }
  | { readonly unchanged: true }
  | Refusal<Refused>
  | AppendRefused

/** A stream's state as of a version. */
type Versioned<State> = { readonly state: State; readonly version: number }

/** `appended` are the entries up to the version that the state does not have yet. */
type Cached<State> = Versioned<State> & { readonly appended?: readonly Uint8Array[] }

/** The states of the streams that were used last, each as of a version; it may have moved since. */
export class StateCache<State, Event extends { readonly type: string }> {
  readonly #states = new LRUCache<string, Cached<State>>({ max: cachedStatesMax })
  readonly #decider: Decider<State, Event>
  readonly #codec: Pick<Codec<Event>, 'lift'>

  constructor(decider: Decider<State, Event>, codec: Pick<Codec<Event>, 'lift'>) {
    this.#decider = decider
    this.#codec = codec
  }

  /** Most streams are not used again soon: what was appended is folded when one is. */
  get(stream: string): Versioned<State> | undefined {
    const cached = this.#states.get(stream)
    if (!cached?.appended) return cached
    const { state, version, appended } = cached
    const folded = { state: this.fold(state, appended), version }
    this.#states.set(stream, folded)
    return folded
  }

  /** A stream that does not exist is not kept: it costs no more to find that out again. */
  set(stream: string, { state, version }: Versioned<State>) {
    if (version > 0) this.#states.set(stream, { state, version })
  }

  /**
   * The stream as it is after an append, from its bytes in the log: a state must not keep what was
   * sealed on the way there.
   */
  append(stream: string, { state, version }: Versioned<State>, appended: readonly Uint8Array[]) {
    this.#states.set(stream, { state, version: version + appended.length, appended })
  }

  fold(state: State, entries: readonly Uint8Array[]): State {
    const events = entries.flatMap(entry => this.#codec.lift(decode(entry), entry) ?? [])
    return fold(this.#decider, state, events)
  }
}

/**
 * Read, decide, append, for all streams of one kind. States are cached: an append proves that the
 * state was the newest; a refusal or a no-op is confirmed against the head of the stream.
 */
export const transactor = <State, Event extends { readonly type: string }>(
  log: EventLog,
  decider: Decider<State, Event>,
  codec: Codec<Event>,
) => {
  const cache = new StateCache(decider, codec)
  const newest = headReader(log, decider.initial, cache)

  const append = async <R extends string>(
    { stream, request, attributes }: Transact<State, Event, R>,
    at: Versioned<State>,
    events: readonly Event[],
  ) => {
    const made = events.map((event, index) => {
      const encoded = codec.encode(event, newId())
      const sealed = codec.seal?.(encoded, { stream, version: at.version + 1 + index }) ?? encoded
      return attributes ? { ...sealed, attributes } : sealed
    })
    const expected = at.version
    const result = await log.append({ stream, expected, events: made, ...(request && { request }) })
    if (!('refused' in result) && !result.repeated) cache.append(stream, at, result.entries)
    return result
  }

  const recalled = async (request: Request | undefined) => {
    const earlier = request && (await log.recall(request))
    return earlier && ('refused' in earlier ? earlier : { appended: earlier })
  }

  const transact = async <R extends string>(
    wanted: Transact<State, Event, R>,
  ): Promise<Transacted<R>> => {
    const { stream, decide, request } = wanted
    const cached = cache.get(stream)
    let at = cached ?? (await newest(stream))
    let refused: AppendRefused = movesOn
    for (let attempt = 0; attempt < attemptsMax; attempt++) {
      const outcome = decide(at.state)
      if (isRefusal(outcome) || outcome.length === 0) {
        const earlier = await recalled(request)
        if (earlier) return earlier
        // A state that was read for this decision needs no confirmation: only a cached one does.
        const head = at === cached ? await newest(stream, at) : at
        if (head.version === at.version) return isRefusal(outcome) ? outcome : { unchanged: true }
        at = head
        continue
      }
      const result = await append(wanted, at, outcome)
      if (!('refused' in result)) return { appended: result }
      if (result.refused !== 'VersionConflict') return result
      refused = result
      await sleep(backOff(attempt, backOffMinMs, backOffMaxMs))
      at = await newest(stream, at)
    }
    return refused
  }

  /** The state as of the stream's head. */
  const read = async (stream: string): Promise<State> =>
    (await newest(stream, cache.get(stream))).state

  return { transact, read }
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

/** Reads streams up to their heads, from what is known of them on. */
const headReader = <State, Event extends { readonly type: string }>(
  log: EventLog,
  initial: State,
  cache: StateCache<State, Event>,
) => {
  // Reads that arrive together for different streams go out as one query.
  const pages = new DataLoader<StreamQuery, StreamPage>(queries => log.readStreams(queries), {
    cache: false,
    maxBatchSize: 256,
  })
  return async (stream: string, from?: Versioned<State>): Promise<Versioned<State>> => {
    let { state, version } = from ?? { state: initial, version: 0 }
    for (let isEnd = false; !isEnd; ) {
      const page = await pages.load(version > 0 ? { stream, from: version + 1 } : { stream })
      const entries = page.events.map(({ entry }) => entry)
      state = cache.fold(state, entries)
      version = page.events.at(-1)?.version ?? version
      isEnd = page.end
    }
    cache.set(stream, { state, version })
    return { state, version }
  }
}

/** Each time that nothing was to be done, another had changed the stream meanwhile. */
const movesOn: AppendRefused = {
  refused: 'Busy',
  reason: 'the stream keeps moving',
  retryAfterMs: backOffMaxMs,
}

/** Milliseconds to wait. Doubles from try to try, with jitter, so that competitors part. */
export const backOff = (tries: number, minMs: number, maxMs: number): number =>
  Math.min(maxMs, minMs * 2 ** tries) * (0.5 + Math.random() / 2)

const randomBytes = 16
const pool = Buffer.alloc(256 * randomBytes)
let used = pool.length

/** A UUIDv7 (RFC 9562): in order of time. Randomness is fetched for many at once. */
const newId = (): string => {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  used += randomBytes
  return v7({ random: pool.subarray(used - randomBytes, used) })
}
