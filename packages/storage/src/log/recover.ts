import { rootOf, unpackRange } from '@jejak/transparency/compact-range'
import { tileWidth } from '@jejak/transparency/tile-files'
import { type Commit, LogGap, type Store } from '../store.ts'
import { unpack } from './entries.ts'
import { Ledger } from './ledger.ts'

/**
 * Brings a ledger to the end of the durable log: from the full tiles, then from the entries behind
 * them. Makes again what a crash kept from being derived, and checks the last stored root.
 */
export const recover = async (store: Store): Promise<Ledger> => {
  const rooted = await store.lastRooted()
  const last = await store.last() // Read second: another process may be writing.
  const ledger = new Ledger(store)
  const size = last ? last.position + last.count : 0
  // A tile whose commits are gone is no ground to stand on.
  const full = Math.min(await store.fullTiles(), Math.floor(size / tileWidth))
  const tiles = await ledger.tree.resume(full)
  if (tiles.length > 0) await store.keep({ tiles, bundles: [] })
  await replay(store, ledger, size)
  if (rooted) await checkRoot(ledger, rooted)
  ledger.resumeAt(last?.number ?? 0)
  return ledger
}

const replay = async (store: Store, ledger: Ledger, size: number) => {
  for await (const slab of store.scan(ledger.size)) {
    const skip = ledger.size - slab.position
    const entries = unpack(slab.entries, slab.count).slice(skip, size - slab.position)
    if (skip < 0) throw new LogGap(`the log goes from ${ledger.size} to ${slab.position}`)
    await store.keep(ledger.restore(entries))
    if (ledger.size >= size) break
  }
  if (ledger.size !== size) throw new LogGap(`the log ends at ${ledger.size}, not at ${size}`)
}

const checkRoot = async (ledger: Ledger, { number, position, count, rooted }: Commit) => {
  const size = position + count
  const { root, range } = rooted ?? { root: new Uint8Array(), range: new Uint8Array() }
  const computed = await ledger.tree.rootAt(size)
  if (!computed.equals(root) || !rootOf(unpackRange(size, range)).equals(root)) {
    throw new LogGap(
      `the entries up to commit ${number} (size ${size}) do not have ` +
        'the root that was stored with it',
    )
  }
}
