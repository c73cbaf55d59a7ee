import { setTimeout as sleep } from 'node:timers/promises'
import {
  Binary,
  type Collection,
  MongoClient,
  type MongoClientOptions,
  MongoServerError,
} from 'mongodb'
import { KeyCache } from './key-cache.ts'
import type { Erased, SubjectKey, Vault } from './vault.ts'
import { Wrapping } from './wrapping.ts'

/**
 * One document a subject, so that every change but a take-over is of one document, and atomic. It
 * has a key, or NIPs (HMAC, in base64), or both; or it is erased.
 */
type Row = {
  readonly _id: string
  readonly key?: { readonly id: string; readonly wrapped: Binary }
  readonly nips?: readonly string[]
  readonly erased?: true
}

/** No URL may change these: what is acknowledged is on the disks of a majority. */
const promises: MongoClientOptions = {
  writeConcern: { w: 'majority', journal: true, wtimeoutMS: 10_000 },
  readConcern: { level: 'majority' },
  readPreference: 'primary',
  journal: true,
  readConcernLevel: 'majority',
  retryWrites: true,
  serverSelectionTimeoutMS: 5_000,
  connectTimeoutMS: 5_000,
  socketTimeoutMS: 20_000,
}

/**
 * A vault in a database of its own, of a MongoDB replica set. The server's oplog and journal keep
 * what was erased, wrapped, until they are overwritten.
 */
export const mongoVault = async (
  url: string,
  database: string,
  wrappingKey: Uint8Array,
): Promise<Vault> => {
  const wrapping = new Wrapping(wrappingKey)
  const client = await new MongoClient(url, promises).connect()
  const rows = client.db(database).collection<Row>('subjects')
  try {
    await prepare(rows)
    const meta = client.db(database).collection<{ _id: string; value: string }>('meta')
    await refusing(() => meta.insertOne({ _id: 'wrapping', value: wrapping.fingerprint }))
    const stored = await meta.findOne({ _id: 'wrapping' })
    wrapping.mustHaveMade(String(stored?.value), database)
  } catch (error) {
    await client.close()
    throw error
  }
  const cache = new KeyCache()
  const holder = async (nip: string) =>
    (await rows.findOne({ nips: nip }, { projection: { _id: 1 } }))?._id
  return {
    ...keysIn(rows, wrapping, cache),
    reserve: (nip, subject) => {
      const hidden = wrapping.nip(nip).toString('base64')
      const reserved = { $addToSet: { nips: hidden } }
      return settled(async () => {
        await refusing(() => rows.updateOne(alive(subject), reserved, { upsert: true }))
        const erased = async () => (await rows.findOne({ _id: subject }))?.erased && subject
        return (await holder(hidden)) ?? (await erased())
      })
    },
    takeOver: (nip, from, subject) => {
      const hidden = wrapping.nip(nip).toString('base64')
      return client.withSession(session =>
        session.withTransaction(async () => {
          const found = await rows.findOne({ _id: subject, erased: true }, { session })
          if (found) return false
          const given = { _id: from, nips: hidden }
          const gave = await rows.updateOne(given, { $pull: { nips: hidden } }, { session })
          if (gave.matchedCount === 0) return false
          const taken = { $addToSet: { nips: hidden } }
          await rows.updateOne(alive(subject), taken, { session, upsert: true })
          return true
        }),
      )
    },
    find: nip => holder(wrapping.nip(nip).toString('base64')),
    close: () => client.close(),
  }
}

/** Whether there is no vault yet: only then may its wrapping key be made. */
export const mongoVaultIsNew = async (url: string, database: string): Promise<boolean> => {
  const client = await new MongoClient(url, promises).connect()
  try {
    return !(await client.db(database).collection('meta').findOne())
  } finally {
    await client.close()
  }
}

const keysIn = (
  rows: Collection<Row>,
  wrapping: Wrapping,
  cache: KeyCache,
): Pick<Vault, 'create' | 'keys' | 'erase'> => {
  const keyOf = ({ _id, key, erased }: Row): SubjectKey | Erased | undefined => {
    if (erased) return 'erased'
    return key && wrapping.unwrap(_id, { keyId: key.id, wrapped: key.wrapped.buffer })
  }
  return {
    create: subject => {
      const { keyId, wrapped } = wrapping.wrap(wrapping.makeKey(subject))
      const key = { id: keyId, wrapped: new Binary(wrapped) }
      const keyless = { ...alive(subject), key: { $exists: false } }
      return settled(async () => {
        await refusing(() => rows.updateOne(keyless, { $set: { key } }, { upsert: true }))
        const row = await rows.findOne({ _id: subject })
        return row && keyOf(row)
      })
    },
    keys: subjects =>
      cache.read(subjects, async missing => {
        const found = new Map<string, SubjectKey | Erased>()
        for await (const row of rows.find({ _id: { $in: [...missing] } })) {
          const key = keyOf(row)
          if (key) found.set(row._id, key)
        }
        return found
      }),
    async erase(subject) {
      const emptied = { $set: { erased: true as const }, $unset: { key: 1, nips: 1 } } as const
      await rows.updateOne({ _id: subject }, emptied, { upsert: true })
      cache.forget(subject)
    },
  }
}

/** An upsert of an erased subject meets its document, and is refused. */
const alive = (subject: string) => ({ _id: subject, erased: { $exists: false } })

/** One holder a NIP; a subject without one, also an empty list of them, is in no one's way. */
const prepare = (rows: Collection<Row>) =>
  rows.createIndex({ nips: 1 }, { unique: true, partialFilterExpression: { nips: { $gt: '' } } })

const duplicateKey = 11_000
const attemptsMax = 20
const retryAfterMs = 50

/**
 * The document that refused a write may not be durable yet, and then a majority read does not see
 * it; and two upserts of one document can refuse each other. Either way it is to be tried again.
 */
const settled = async <T>(attempt: () => Promise<T | null | undefined>): Promise<T> => {
  for (let attempts = 0; attempts < attemptsMax; attempts++) {
    const outcome = await attempt()
    if (outcome !== undefined && outcome !== null) return outcome
    await sleep(retryAfterMs)
  }
  throw new Error('the vault does not settle: try again later')
}

/** If a unique index refuses a write, its document is there already: the caller reads it. */
const refusing = async (write: () => Promise<unknown>) => {
  try {
    await write()
  } catch (error) {
    if (!(error instanceof MongoServerError && error.code === duplicateKey)) throw error
  }
}
