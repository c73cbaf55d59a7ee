import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CommitMacs, newMacRecord } from '@jejak/storage/log/commit-mac'
import { openHeadFile } from '@jejak/storage/log/head'
import { keepMacRecord, macFile } from '@jejak/storage/log/mac-file'
import { openLog, type ProvenLog } from '@jejak/storage/log/open'
import { mongoStore } from '@jejak/storage/mongo/store'
import { sqliteStore } from '@jejak/storage/sqlite/store'
import type { Store } from '@jejak/storage/store'
import { openCheckpoint } from '@jejak/transparency/checkpoint'
import { hashBytes, leafHash } from '@jejak/transparency/hash'
import { generateKey, parseSigner, parseVerifier } from '@jejak/transparency/key'
import { VerifierTree } from '@jejak/transparency/verifier-tree'
import type { BenchAppend, StoragePlace, Subject } from './subject.ts'

const origin = 'log.example/bench'

export const jejakMongo = async (place: StoragePlace) =>
  jejak(place, await mongoStore(place.mongo, place.database))

export const jejakSqlite = async (place: StoragePlace) =>
  jejak(place, await sqliteStore(join(place.folder, 'log.sqlite')))

/** Our log as a service runs it: each answer comes with its receipt under a signed head. */
const jejak = async ({ folder }: StoragePlace, store: Store): Promise<Subject> => {
  const macs = new CommitMacs(
    keepMacRecord(macFile(folder, 'bench'), newMacRecord(), origin),
    origin,
  )
  const key = join(folder, 'key')
  if (!existsSync(key)) writeFileSync(key, generateKey(origin), { mode: 0o600 })
  const signer = parseSigner(readFileSync(key, 'utf8'))
  const log = await openLog({
    store,
    origin,
    signer,
    head: openHeadFile(join(folder, 'head')),
    macs,
  })

  const appendAll = async (requests: readonly BenchAppend[]) => {
    const [first] = requests
    if (!first) return
    const { stream, expected, key, digest } = first
    const events = requests.map(({ id, type, data }) => ({ id, type, data }))
    const result = await log.append({ stream, expected, events, request: { key, digest } })
    if ('refused' in result) throw new Error(JSON.stringify(result))
    await result.receipt()
  }

  return {
    append: request => appendAll([request]),
    appendAll,
    replay: async seen => {
      let events = 0
      for await (const page of log.read(0)) {
        events += page.entries.length
        seen(events)
      }
    },
    prove: seen => prove(log, seen),
    close: () => log.close(),
  }
}

/** Hashes each entry, rebuilds the tree and compares its root with the signed one. */
const prove = async (log: ProvenLog, seen: (events: number) => void) => {
  const tree = new VerifierTree()
  const leaves = Buffer.alloc(256 * hashBytes)
  let width = 0
  let events = 0
  for await (const page of log.read(0)) {
    for (const entry of page.entries) {
      leaves.set(leafHash(entry), width * hashBytes)
      if (++width < 256) continue
      tree.add(leaves)
      width = 0
    }
    events += page.entries.length
    seen(events)
  }
  const signed = openCheckpoint(log.head()?.checkpoint ?? '', [parseVerifier(log.vkey)])
  const root = tree.rootWith(leaves, width)
  if (signed.size !== events || !root.equals(signed.root)) throw new Error('the log is not proven')
}
