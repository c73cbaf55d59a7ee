import type { EventLog } from '@jejak/eventsourcing/log'
import { logFault } from '@jejak/texts/log-faults'
import type { Signer } from '@jejak/transparency/key'
import { firstLost, type LostCheck, watch } from '../file-identity.ts'
import type { Identity, Store } from '../store.ts'
import type { CommitMacs } from './commit-mac.ts'
import type { HeadFile } from './head.ts'
import type { CheckEvent } from './queue.ts'
import { openReading } from './reading.ts'
import { checkVouched, knownHeads, type SignedCheckpoint, Signing } from './signing.ts'
import { type LogState, recover } from './state.ts'
import { Writer } from './writer.ts'

export type LogOptions = {
  readonly store: Store
  /** The log's name, in its checkpoints and as the source of its events. Fixed at its creation. */
  readonly origin: string
  /** Signs the log's heads. Absent in all processes but one; that one creates the log. */
  readonly signer?: Signer
  /** The file of the last signed head, outside the store. */
  readonly head?: HeadFile
  /** Makes and checks the MACs of its commits: every service's log has them. */
  readonly macs?: CommitMacs
  /** A checkpoint that somebody else holds, where the head file is gone. */
  readonly given?: string
  /** Whether the whole log was just verified: what is behind its heads is taken as it is. */
  readonly isVerified?: boolean
  /** The name of the service that writes the log: fixed at its creation. */
  readonly writer?: string
  readonly check?: CheckEvent
  readonly now?: () => number
  readonly onStop?: (cause: unknown) => void
  /** More files without which the log would not be opened again. */
  readonly files?: readonly LostCheck[]
  /** How far the log was verified since its opening, where somebody does. Default: all of it. */
  readonly verified?: () => number
  /** Called when this process has written: the doorbell of those who read it elsewhere. */
  readonly onGrowth?: () => void
}

/** A log that proves itself: every answer can be checked against a signed head. */
export type ProvenLog = EventLog & {
  readonly origin: string
  readonly vkey: string
  /** The last signed head, undefined if another process signs. */
  readonly head: () => (SignedCheckpoint & { readonly vkey: string }) | undefined
  /** Positions below this were verified since the process has opened the log. */
  readonly verified: () => number
  /** Takes the log out of service: no append and no signature from now on. */
  readonly stop: (cause: unknown) => void
  /** RFC 6962 proofs, of any size up to the log's. */
  readonly inclusion: (index: number, size: number) => Promise<readonly Uint8Array[]>
  readonly consistency: (older: number, size: number) => Promise<readonly Uint8Array[]>
}

/** The log is another than the one asked for, or its keys are. */
export class WrongLog extends Error {
  override name = 'WrongLog'
}

export const openLog = async (options: LogOptions): Promise<ProvenLog> => {
  const { store, origin, signer, now = Date.now, check = () => [], onGrowth = () => {} } = options
  const identity = await identify(options)
  const { head, macs } = options
  const heads = signer && (await knownHeads(store, signer, head, options.given))
  const state = await recover(store, macs, heads?.kept?.size)
  if (heads && head && !options.isVerified) await checkVouched(store, state, heads, macs)
  const signing = signer && heads && (await Signing.open(store, state, signer, heads, head))
  const { ring, ...reading } = openReading(store, gap => writer.stop(gap))
  const writer = new Writer({
    store,
    state,
    origin,
    signing,
    check,
    now,
    onStop: options.onStop ?? (() => {}),
    onGrowth: () => {
      ring()
      onGrowth()
    },
  })
  const files = [...(signing ? [() => signing.lost()] : []), ...(options.files ?? [])]
  const watching = watch(looking(store, state, files), cause => writer.stop(cause))
  const close = async () => {
    watching.close()
    await writer.close()
    await signing?.close()
    await store.close()
  }
  let closing: Promise<void> | undefined
  return {
    ...reading,
    origin,
    vkey: identity.vkey,
    append: append => writer.append(append),
    recall: request => writer.recall(request),
    head: () => signing && { ...signing.head, vkey: identity.vkey },
    stop: cause => writer.stop(cause),
    verified: options.verified ?? (() => state.size),
    inclusion: (index, size) => state.tree.inclusion(index, size),
    consistency: (older, size) => state.tree.consistency(older, size),
    close: () => (closing ??= close()),
  }
}

/**
 * Looks whether what was acknowledged is still there, from the last commit of the previous look on:
 * what was written since would be there also in a store that was emptied or replaced meanwhile.
 */
const looking = (store: Store, state: LogState, files: readonly LostCheck[]) => {
  let known = state.last
  return async () => {
    const { last } = state
    const why = firstLost(files) ?? (await store.missing({ known, last: last?.number ?? 0 }))
    if (!why) known = last
    return why
  }
}

const identify = async (options: LogOptions) => {
  const { store, origin, signer, writer = 'service' } = options
  checkName(options)
  const identity = signer
    ? await store.identify({ origin, vkey: signer.vkey, writer })
    : await store.identity()
  if (!identity) throw new WrongLog(logFault({ key: 'not-made-yet', values: { origin } }))
  checkIdentity(identity, options)
  return identity
}

type Meant = Pick<LogOptions, 'origin' | 'signer' | 'writer'>

const checkName = ({ origin, signer }: Meant) => {
  if (!signer || signer.name === origin) return
  const values = { origin, signer: signer.name }
  throw new WrongLog(logFault({ key: 'key-of-another', values }))
}

/** Throws `WrongLog` if a log is not the one that is meant, or the key is not its own. */
export const checkIdentity = (identity: Identity, meant: Meant): void => {
  const { origin, signer, writer = 'service' } = meant
  checkName(meant)
  if (identity.origin !== origin) {
    const values = { origin: identity.origin, asked: origin }
    throw new WrongLog(logFault({ key: 'another-origin', values }))
  }
  if (identity.writer !== writer) {
    const values = { owner: identity.writer, writer }
    throw new WrongLog(logFault({ key: 'another-writer', values }))
  }
  if (signer && identity.vkey !== signer.vkey) {
    const values = { origin, vkey: identity.vkey }
    throw new WrongLog(logFault({ key: 'another-key', values }))
  }
}
