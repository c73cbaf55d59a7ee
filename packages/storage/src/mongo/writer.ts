import { setTimeout as sleep } from 'node:timers/promises'
import { MongoBulkWriteError, MongoError, MongoServerError } from 'mongodb'
import { RecentHeads } from '../log/recent-heads.ts'
import { type Commit, LogGap, type WriteResult } from '../store.ts'
import { duplicateKey } from './client.ts'
import { type CommitDocument, fromDocument, type LogCollections, toDocument } from './documents.ts'

const settleAgainMs = 100

type Judged = Pick<WriteResult, 'repeated' | 'heads'>

/** The writing half of the log on MongoDB. Only majority reads and clean acknowledgements speak. */
export const batchWriter = ({ commits }: LogCollections, closing: AbortSignal) => {
  /** Heads of streams that were durable; they may have moved on since, never back. */
  const durable = new RecentHeads()
  // Known requests come in rows: a client that lost an answer sends everything again. Then each
  // batch is looked up before it is inserted; otherwise that round trip is saved until a refusal.
  let expectKnown = true

  const headsOf = (streams: readonly string[]) =>
    Promise.all(
      streams.map(async stream => {
        const last = await commits.findOne(
          { s: stream },
          { sort: { v: -1 }, projection: { v: 1, n: 1 } },
        )
        const head = last ? (last.v ?? 0) + last.n - 1 : 0
        // A new primary may for a moment not know yet what the old one had made durable.
        durable.raise(stream, head)
      }),
    )

  /** By index in the batch: the commits that have the request keys of some of it. */
  const knownOf = async (batch: readonly Commit[], among: Iterable<number>) => {
    const keys = [...among].flatMap((i): [number, Uint8Array][] => {
      const key = batch[i]?.head?.key
      return key ? [[i, key]] : []
    })
    const query = { k: { $in: keys.map(([, key]) => Buffer.from(key)) } }
    const found = keys.length > 0 ? await commits.find(query).toArray() : []
    const odd = found.find(({ k }) => !(k instanceof Uint8Array))
    if (odd) throw new LogGap(`commit ${odd._id} has a request key that is not bytes`)
    const byKey = new Map(found.map(document => [hex(document.k), fromDocument(document)]))
    return new Map(
      keys.flatMap(([i, key]): [number, Commit][] => {
        const same = byKey.get(hex(key))
        return same ? [[i, same]] : []
      }),
    )
  }

  /** Finds known request keys and versions that are not the next. An index alone accepts holes. */
  const judge = async (batch: readonly Commit[], sure: boolean): Promise<Judged> => {
    const firsts = new Map<string, number>()
    for (const { head } of batch) {
      if (head && !firsts.has(head.stream)) firsts.set(head.stream, head.version)
    }
    // The first event of a stream needs no look-up: the index refuses a second one.
    const unsure = [...firsts].filter(
      ([stream, version]) => sure || (version > 1 && durable.get(stream) !== version - 1),
    )
    const [known] = await Promise.all([
      knownOf(batch, expectKnown || sure ? batch.keys() : []),
      headsOf(unsure.map(([stream]) => stream)),
    ])
    const heads = new Map<number, number>()
    for (const [i, { head }] of batch.entries()) {
      if (!head || known.has(i)) continue
      const first = firsts.get(head.stream) === head.version
      const actual = sure || head.version > 1 ? durable.get(head.stream) : 0
      if (first && actual !== head.version - 1) heads.set(i, actual ?? 0)
    }
    // The very commit may have become durable between the look-ups: it is no conflict with itself.
    for (const [i, commit] of await knownOf(batch, heads.keys())) {
      known.set(i, commit)
      heads.delete(i)
    }
    return { repeated: known, heads }
  }

  /** Why the first was refused, and whose keys are known of all that come after it. */
  const judgeRefused = async (rest: readonly Commit[]): Promise<Judged> => {
    const { heads } = await judge(rest.slice(0, 1), true)
    const known = await knownOf(rest, rest.keys())
    return { repeated: known, heads: known.has(0) ? nothing.heads : heads }
  }

  const settled = (
    batch: readonly Commit[],
    written: number,
    judged: Judged = nothing,
  ): WriteResult => {
    for (const { head, count } of batch.slice(0, written)) {
      if (head) durable.set(head.stream, head.version + count - 1)
    }
    const shift = <T>(found: ReadonlyMap<number, T>) =>
      new Map([...found].map(([i, value]) => [written + i, value]))
    return { written, repeated: shift(judged.repeated), heads: shift(judged.heads) }
  }

  return async (
    batch: readonly Commit[],
    complete: (empty: Commit) => Commit,
  ): Promise<WriteResult> => {
    const judged = await patiently(() => judge(batch, false), closing)
    expectKnown = judged.repeated.size > 0
    if (judged.repeated.size > 0 || judged.heads.size > 0) return settled(batch, 0, judged)
    try {
      await commits.insertMany(batch.map(toDocument), { ordered: true })
      return settled(batch, batch.length)
    } catch (error) {
      if (!isClean(error)) {
        return settled(batch, await durablePrefix({ commits }, batch, complete, closing))
      }
      const written = error.insertedCount
      const refused = await patiently(() => judgeRefused(batch.slice(written)), closing)
      expectKnown = refused.repeated.size > 0
      return settled(batch, written, refused)
    }
  }
}

/** Reads until somebody answers: a failover is no reason to give up a log. */
export const patiently = async <T>(read: () => Promise<T>, closing: AbortSignal): Promise<T> => {
  for (;;) {
    try {
      return await read()
    } catch (error) {
      if (!(error instanceof MongoError)) throw error
      await sleep(settleAgainMs, undefined, { signal: closing })
    }
  }
}

const nothing: Judged = { repeated: new Map(), heads: new Map() }

const hex = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('hex')

/** One refusal by a unique index, and all before it acknowledged by the majority. */
const isClean = (error: unknown): error is MongoBulkWriteError =>
  error instanceof MongoBulkWriteError &&
  error.code === duplicateKey &&
  error.result.getWriteConcernError() === undefined

/**
 * Finds out how many commits of a batch are durable when the answer was lost: by writing. A read
 * can say "not there" of a commit that becomes durable a moment later; a fence in its place can't
 * be overtaken.
 */
export const durablePrefix = async (
  { commits }: Pick<LogCollections, 'commits'>,
  batch: readonly Commit[],
  complete: (empty: Commit) => Commit,
  closing: AbortSignal,
): Promise<number> => {
  for (const [i, commit] of batch.entries()) {
    const { number, position } = commit
    const empty = complete({ number, position, count: 0, entries: Buffer.alloc(0) })
    const stored = await fence(commits, empty, closing)
    if (!stored || !isSame(stored, toDocument(commit))) return i
  }
  return batch.length
}

/** Puts an empty commit at its number, or answers the durable one that has it. */
const fence = async (
  commits: LogCollections['commits'],
  empty: Commit,
  closing: AbortSignal,
): Promise<CommitDocument | undefined> => {
  for (;;) {
    try {
      await commits.insertOne(toDocument(empty))
      return undefined
    } catch (error) {
      if (error instanceof MongoServerError && error.code === duplicateKey) {
        const stored = await commits.findOne({ _id: empty.number }).catch(() => null)
        if (stored) return stored
      }
    }
    // Not durable yet, or nobody answers: only time can tell.
    await sleep(settleAgainMs, undefined, { signal: closing })
  }
}

const isSame = (stored: CommitDocument, ours: CommitDocument) =>
  stored.s === ours.s &&
  stored.v === ours.v &&
  hex(stored.k) === hex(ours.k) &&
  hex(stored.mac) === hex(ours.mac) &&
  Buffer.compare(stored.e, ours.e) === 0
