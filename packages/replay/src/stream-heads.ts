import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { auditText } from '@jejak/texts/audit'

/** Streams between two writes, and characters of their names: about 10 MB. */
const chunkStreamsMax = 50_000
const chunkCharactersMax = 5_000_000

type Seen = { readonly first: number; last: number; readonly index: number }

/**
 * Checks that versions are dense in every stream, in the same memory for any number of streams:
 * their heads go to a temporary database, which SQLite deletes with the process.
 */
export class StreamHeads {
  readonly #db = new DatabaseSync('')
  readonly #insert: StatementSync
  readonly #move: StatementSync
  #chunk = new Map<string, Seen>()
  #characters = 0
  #count = 0

  constructor() {
    this.#db.exec(`pragma journal_mode = off; pragma synchronous = off;
      pragma cache_size = -32768;
      create table heads (stream text primary key, head integer) strict, without rowid`)
    this.#insert = this.#db.prepare('insert into heads values (?, ?) on conflict do nothing')
    this.#move = this.#db.prepare('update heads set head = ? where stream = ? and head = ?')
  }

  /** The number of streams, after `flush`. */
  get count(): number {
    return this.#count
  }

  /** Returns a gap within the present chunk; `flush` finds those before it. */
  see(stream: string, version: number, index: number): VersionGap | undefined {
    const seen = this.#chunk.get(stream)
    if (seen !== undefined) {
      if (version !== seen.last + 1) return gap(stream, version, seen.last, index)
      seen.last = version
      return undefined
    }
    const full = this.#chunk.size >= chunkStreamsMax || this.#characters >= chunkCharactersMax
    const found = full ? this.flush() : undefined
    this.#characters += stream.length
    this.#chunk.set(stream, { first: version, last: version, index })
    return found
  }

  flush(): VersionGap | undefined {
    const chunk = this.#chunk
    this.#chunk = new Map()
    this.#characters = 0
    this.#db.exec('begin')
    // In the order of the table, so that each of its pages is read and written once.
    for (const stream of [...chunk.keys()].sort()) {
      const { first, last, index } = chunk.get(stream) as Seen
      const fits =
        first === 1 ? this.#insert.run(stream, last) : this.#move.run(last, stream, first - 1)
      if (fits.changes !== 1) return gap(stream, first, this.#headOf(stream), index)
      if (first === 1) this.#count++
    }
    this.#db.exec('commit')
    return undefined
  }

  close(): void {
    if (this.#db.isOpen) this.#db.close()
  }

  #headOf(stream: string): number {
    const row = this.#db.prepare('select head from heads where stream = ?').get(stream)
    return Number(row?.['head'] ?? 0)
  }
}

type VersionGap = { readonly index: number; readonly detail: string }

const gap = (stream: string, version: number, head: number, index: number): VersionGap => ({
  index,
  detail: auditText({ key: 'version-gap', values: { stream, version, head } }),
})
