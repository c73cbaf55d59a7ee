import type { EventLog, Page } from '@jejak/eventsourcing/log'
import type { Signer } from '@jejak/transparency/key'
import { unpack } from './entries.ts'
import type { HeadFile } from './head.ts'
import type { Check } from './queue.ts'
import { recover } from './recover.ts'
import { type SignedHead, Signing } from './signing.ts'
import { LogGap, type Store } from './store.ts'
import { Writer } from './writer.ts'

/** How long a follower may miss what another process has written. */
const followEveryMs = 200

export type LogOptions = {
  readonly store: Store
  /** The log's name, in its checkpoints and as the source of its events. Fixed at its creation. */
  readonly origin: string
  /** Signs the log's heads. Absent in all processes but one; that one creates the log. */
  readonly signer?: Signer
  /** Where the last signed head is kept, outside the store. */
  readonly head?: HeadFile
  /** What writes the log: fixed at its creation. */
  readonly writer?: string
  readonly check?: Check
  readonly now?: () => number
  readonly onStop?: (cause: unknown) => void
}

/** A log that proves itself: every answer can be checked against a signed head. */
export type ProvenLog = EventLog & {
  readonly origin: string
  readonly vkey: string
  /** The last signed head, undefined where another process signs. */
  readonly head: () => SignedHead | undefined
  /** RFC 6962 proofs, of any size up to the log's. */
  readonly inclusion: (index: number, size: number) => Promise<readonly Uint8Array[]>
  readonly consistency: (older: number, size: number) => Promise<readonly Uint8Array[]>
}

/** The log is another than the one asked for, or its keys are. */
export class WrongLog extends Error {
  override name = 'WrongLog'
}

export const openLog = async (options: LogOptions): Promise<ProvenLog> => {
  const { store, origin, signer, now = Date.now, check = () => [] } = options
  const identity = await identify(options)
  const ledger = await recover(store)
  const signing = signer && (await Signing.open(store, ledger, signer, options.head))
  const bell = new Bell()
  const writer = new Writer({
    store,
    ledger,
    origin,
    signing,
    check,
    now,
    onStop: options.onStop ?? (() => {}),
    onGrowth: () => bell.ring(),
  })
  const close = async () => {
    await writer.close()
    await signing?.close()
    await store.close()
  }
  let closing: Promise<void> | undefined
  return {
    origin,
    vkey: identity.vkey,
    append: append => writer.append(append),
    recall: request => writer.recall(request),
    readStreams: queries => store.readStreams(queries),
    read: from => pages(store, from),
    follow: (from, signal) => follow(store, bell, from, signal),
    size: () => sizeOf(store),
    head: () => signing?.head,
    inclusion: (index, size) => ledger.tree.inclusion(index, size),
    consistency: (older, size) => ledger.tree.consistency(older, size),
    close: () => (closing ??= close()),
  }
}

const identify = async ({ store, origin, signer, writer = 'service' }: LogOptions) => {
  if (signer && signer.name !== origin) {
    throw new WrongLog(`the key is that of ${signer.name}, the log is ${origin}`)
  }
  const identity = signer
    ? await store.identify({ origin, vkey: signer.vkey, writer })
    : await store.identity()
  if (!identity) {
    const first = 'the process that signs it must open it first, to create it with its key'
    throw new WrongLog(`the log ${origin} is not there yet: ${first}`)
  }
  if (identity.origin !== origin) throw new WrongLog(`the log is ${identity.origin}, not ${origin}`)
  if (identity.writer !== writer) {
    throw new WrongLog(`the log belongs to ${identity.writer}: ${writer} must not write to it`)
  }
  if (signer && identity.vkey !== signer.vkey) {
    throw new WrongLog(`the log ${origin} was created with another key: ${identity.vkey}`)
  }
  return identity
}

const sizeOf = async (store: Store) => {
  const last = await store.last()
  return last ? last.position + last.count : 0
}

async function* pages(store: Store, from: number): AsyncIterable<Page> {
  let position = from
  for await (const slab of store.scan(from)) {
    if (slab.position > position) {
      throw new LogGap(`the log goes from ${position} to ${slab.position}`)
    }
    const entries = unpack(slab.entries, slab.count)
    const page = slab.position < position ? entries.slice(position - slab.position) : entries
    if (page.length === 0) continue
    yield { position, entries: page }
    position += page.length
  }
}

async function* follow(
  store: Store,
  bell: Bell,
  from: number,
  signal: AbortSignal,
): AsyncIterable<Page> {
  let position = from
  while (!signal.aborted) {
    const rung = bell.wait(signal)
    for await (const page of pages(store, position)) {
      if (signal.aborted) return
      yield page
      position = page.position + page.entries.length
    }
    await rung
  }
}

/** Wakes followers when this process has written; another process's writes they find by looking. */
class Bell {
  readonly #waiting = new Set<() => void>()

  ring() {
    for (const wake of this.#waiting) wake()
  }

  wait(signal: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      const wake = () => {
        clearTimeout(timer)
        signal.removeEventListener('abort', wake)
        this.#waiting.delete(wake)
        resolve()
      }
      const timer = setTimeout(wake, followEveryMs)
      signal.addEventListener('abort', wake)
      this.#waiting.add(wake)
    })
  }
}
