import type { StreamPage, StreamQuery } from '@jejak/eventsourcing/log'
import type { FullTile } from '@jejak/transparency/log-tree'

/**
 * The port of the log to a technology, which writes the next commits or says why not, and reads
 * back durable ones. The log numbers, serialises, hashes and signs; a store only keeps, and never
 * guesses.
 * The log's contract suite, `eventsourcing/src/log-contract.ts`, runs on each, in the
 * `store.test.ts` beside it and in `memory.test.ts`.
 */
export type Store = {
  /** Fixes the log's identity at its creation, and returns the one that was fixed then. */
  readonly identify: (proposed: Identity) => Promise<Identity>
  /** The identity of the log, undefined if nobody has created it. */
  readonly identity: () => Promise<Identity | undefined>

  /**
   * Writes a prefix of consecutive commits, durably: all of them, or up to the first that can't be
   * written. Rejects only if the store can't be used again. If it does not know an outcome, it
   * finds out before it answers. `fence` completes the empty commit that a store may have to put in
   * the place of one, to find out.
   */
  readonly write: (
    batch: readonly Commit[],
    fence: (empty: Commit) => Commit,
  ) => Promise<WriteResult>

  /** The durable commit that has this request key. */
  readonly byKey: (key: Uint8Array) => Promise<Commit | undefined>

  /** The last durable commit, and the last that carries a root. */
  readonly last: () => Promise<Commit | undefined>
  readonly lastRooted: () => Promise<Commit | undefined>

  /** Durable commits from a number on, a page of them. */
  readonly commits: (from: number) => Promise<readonly Commit[]>

  /**
   * Says what the store has that is none of the log's, and that no reader of the log in its order
   * comes past: a commit under a number that no commit has, which look-ups would find, or what the
   * store would do by itself. Undefined if there is nothing.
   */
  readonly stray: () => Promise<string | undefined>

  /**
   * How many commits up to a number look-ups by stream and by request key can find, for a store
   * whose indexes may differ from its commits.
   */
  readonly indexed?: (
    last: number,
  ) => Promise<{ readonly streams: number; readonly keys: number } | undefined>

  /** The number of the last commit at or before a position: the one that holds its event. */
  readonly numberAt: (position: number) => Promise<number>

  /** Durable entries in the order of the log; the first page may start before the position. */
  readonly scan: (from: number) => AsyncIterable<PackedPage>

  readonly readStreams: (queries: readonly StreamQuery[]) => Promise<readonly StreamPage[]>

  /** Keeps what is derived from durable entries. It can be made again: nobody waits for it. */
  readonly keep: (derived: Derived) => Promise<void>
  readonly tile: (level: number, index: number) => Promise<Uint8Array | undefined>
  /** How many level-0 tiles are kept, without a gap from the first. */
  readonly fullTiles: () => Promise<number>

  /** The last published checkpoint. Publishing a smaller one than there is changes nothing. */
  readonly publish: (size: number, checkpoint: string) => Promise<void>
  readonly published: () => Promise<string | undefined>

  /**
   * Says what is not there any more of the log that was opened, or is another: its place, or
   * commits that are known to be durable. Undefined if all is there, or if the store does not
   * answer now.
   */
  readonly missing: (commits: KnownCommits) => Promise<string | undefined>

  readonly statistics: () => Promise<{ readonly commits: number; readonly streams: number }>
  readonly close: () => Promise<void>
}

/** The identity of a log, for ever: its name in checkpoints and events, its key, its writer. */
export type Identity = {
  readonly origin: string
  readonly vkey: string
  /** `service`, or `import` if the import command made the log. */
  readonly writer: string
}

/** The events of one decision, as they are written. */
export type Commit = {
  /** Dense, from 1. A number is written once, which decides between processes. */
  readonly number: number
  /** Position of its first event, and how many events: none in a fence. */
  readonly position: number
  readonly count: number
  /** Absent in a fence. */
  readonly head?: {
    readonly stream: string
    /** Version of its first event. */
    readonly version: number
    readonly key?: Uint8Array
    readonly digest?: Uint8Array
  }
  /** Its slice of the log's entry bundles: for each event `u16be length || bytes`. */
  readonly entries: Uint8Array
  /** After this commit: the Merkle root and the compact range, at least on the last of a batch. */
  readonly rooted?: { readonly root: Uint8Array; readonly range: Uint8Array }
  /** Binds all of the above but the root, which verification computes: `log/commit-mac.ts`. */
  readonly mac?: Uint8Array
}

/** Durable commits: one, or the beginning of the log, and all after it up to a number. */
export type KnownCommits = { readonly known: Commit | undefined; readonly last: number }

export type WriteResult = {
  /** How many commits of the batch, from its first, are durable. */
  readonly written: number
  /** By index in the batch: the commit that has the request key already. */
  readonly repeated: ReadonlyMap<number, Commit>
  /** By index in the batch: the head of its stream, if that isn't the version before it. */
  readonly heads: ReadonlyMap<number, number>
  /** Nothing was written, because there is no room. */
  readonly full?: boolean
}

/** Consecutive entries, packed as in a bundle. */
export type PackedPage = {
  readonly position: number
  readonly count: number
  readonly entries: Uint8Array
}

/** All entries of a level-0 tile. */
export type Bundle = { readonly index: number; readonly entries: readonly Uint8Array[] }

export type Derived = {
  readonly tiles: readonly FullTile[]
  /** The entries of the level-0 tiles among them, for a store that keeps full bundles. */
  readonly bundles: readonly Bundle[]
}

/** A reader saw the log out of step: a bug or tampering, never something to read past. */
export class LogGap extends Error {
  override name = 'LogGap'
}
