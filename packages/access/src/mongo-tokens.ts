import { patience, promises } from '@jejak/storage/mongo/client'
import { LRUCache } from 'lru-cache'
import { Binary, MongoClient } from 'mongodb'
import type { Principal, Role } from './principal.ts'
import type { Grant } from './token.ts'
import { makeToken, principalOf, tokenDigest } from './token.ts'
import type { Issued, TokenStore } from './tokens.ts'

/** The database of tokens in an installation whose services run apart. */
export const tokensDatabase = 'jejak-access'

/** Cached answers, also those that a token does not exist: about 4 MB. */
const rememberedMax = 10_000
const rememberedMaxMs = 5_000

type Made = ReturnType<typeof makeToken>

type TokenDocument = {
  readonly id: string
  readonly sha256: Binary
  readonly role: Role
  readonly agency?: string | undefined
  readonly asnId?: string | undefined
  readonly label: string
  readonly issued: string
  readonly revoked?: string
}

/**
 * The tokens of an installation, in a database that its processes share. `find` asks once in five
 * seconds for each token: so long may a token that another process has revoked still hold. What
 * this process revokes holds no more at once. Calls reject if the database does not answer.
 */
export const mongoTokens = async (
  url: string,
  database: string,
  /** Milliseconds that never go back. */
  clock = () => performance.now(),
): Promise<TokenStore> => {
  const client = await new MongoClient(url, { ...patience, ...promises }).connect()
  const tokens = client.db(database).collection<TokenDocument>('tokens')
  await tokens.createIndexes([
    { key: { sha256: 1 }, unique: true },
    { key: { id: 1 }, unique: true },
  ])
  const remembered = new LRUCache<string, Promise<Principal | undefined>>({
    max: rememberedMax,
    ttl: rememberedMaxMs,
    perf: { now: clock },
    ttlResolution: 0, // Else it takes the time from a timer of its own.
  })
  const now = () => new Date().toISOString()
  const look = async (sha256: Buffer) => {
    const found = await tokens.findOne({ sha256: new Binary(sha256), revoked: { $exists: false } })
    return found ? principalOf(found) : undefined
  }
  const documentOf = ({ role, label = '' }: Grant, { token, principal }: Made): TokenDocument => ({
    ...principal,
    role,
    sha256: new Binary(tokenDigest(token)),
    label,
    issued: now(),
  })
  return {
    async issue(grant) {
      const made = makeToken(grant)
      await tokens.insertOne(documentOf(grant, made))
      return made
    },
    async issueAll(grants, keep) {
      const all = grants.map(makeToken)
      keep(all.map(({ token }) => token))
      const documents = grants.map((grant, i) => documentOf(grant, all[i] as Made))
      await client.withSession(session =>
        session.withTransaction(() => tokens.insertMany(documents, { session })),
      )
    },
    async list() {
      const all = await tokens.find().sort({ issued: 1, _id: 1 }).toArray()
      return all.map(issuedOf)
    },
    async revoke(id) {
      const revoked = { $ifNull: ['$revoked', now()] }
      const { matchedCount } = await tokens.updateOne({ id }, [{ $set: { revoked } }])
      remembered.clear()
      return matchedCount > 0
    },
    async revokeOf(asnIds) {
      const held = { asnId: { $in: [...asnIds] }, revoked: { $exists: false } }
      const { modifiedCount } = await tokens.updateMany(held, { $set: { revoked: now() } })
      remembered.clear()
      return modifiedCount
    },
    find(token) {
      const sha256 = tokenDigest(token)
      const key = sha256.toString('base64')
      const known = remembered.get(key)
      if (known) return known
      // From when it is asked, not answered; and who asks meanwhile waits for the same answer.
      const asked = look(sha256)
      remembered.set(key, asked)
      asked.catch(() => remembered.delete(key))
      return asked
    },
    close: () => client.close(),
  }
}

const issuedOf = (document: TokenDocument): Issued => ({
  principal: principalOf(document),
  label: document.label,
  issued: document.issued,
  ...(document.revoked && { revoked: document.revoked }),
})
