import { DatabaseSync } from 'node:sqlite'
import { mustBeThere, openedFiles, sqliteParts } from '@jejak/storage/file-identity'
import { LRUCache } from 'lru-cache'
import type { Principal, Role } from './principal.ts'
import { type Grant, makeToken, principalOf, tokenDigest } from './token.ts'

const schema = `create table if not exists tokens (
  id      text    primary key,
  sha256  blob    not null unique, -- of the token, which is nowhere: who reads this file has none
  role    text    not null,
  agency  text,
  asn_id  text,
  label   text    not null,
  issued  text    not null,
  revoked text
) strict`

const rememberedMax = 1_000

export type Issued = {
  readonly principal: Principal
  readonly label: string
  /** RFC 3339. */
  readonly issued: string
  readonly revoked?: string
}

export type Tokens = {
  /** The token is shown this once. Throws a RangeError if the role lacks its agency or person. */
  readonly issue: (grant: Grant) => { readonly token: string; readonly principal: Principal }
  /** Issues some together: they hold once `keep` has returned; if it throws, none was made. */
  readonly issueAll: (grants: readonly Grant[], keep: (tokens: readonly string[]) => void) => void
  /** All tokens that were ever issued, in order. */
  readonly list: () => readonly Issued[]
  /** False if there is no such token. Takes effect with the next call. */
  readonly revoke: (id: string) => boolean
  /** Revokes every token of the role asn for one of these records, and answers how many held. */
  readonly revokeOf: (asnIds: readonly string[]) => number
  /** The principal of a token; undefined if it is unknown or revoked. */
  readonly find: (token: string) => Principal | undefined
  readonly close: () => void
}

type Eventually<Call extends (...given: never[]) => unknown> = (
  ...given: Parameters<Call>
) => ReturnType<Call> | Promise<ReturnType<Call>>

/** The same, wherever they are kept: not every place answers at once. */
export type TokenStore = { readonly [Name in keyof Tokens]: Eventually<Tokens[Name]> }

/** The tokens of an installation, in a file that servers and the command share. */
export const openTokens = (file: string): Tokens => {
  const db = new DatabaseSync(file)
  db.exec(`pragma busy_timeout = 5000; pragma journal_mode = wal; pragma synchronous = full`)
  db.exec(schema)
  const lost = openedFiles(file, sqliteParts)
  const insert = db.prepare(
    `insert into tokens (id, sha256, role, agency, asn_id, label, issued)
     values (?, ?, ?, ?, ?, ?, ?)`,
  )
  const found = db.prepare('select * from tokens where sha256 = ? and revoked is null')
  const all = db.prepare('select * from tokens order by rowid')
  const revoking = db.prepare('update tokens set revoked = coalesce(revoked, ?) where id = ?')
  const revokingOf = db.prepare(
    'update tokens set revoked = ? where asn_id = ? and revoked is null',
  )
  // It moves when another connection, of any process, has written: one look instead of a search.
  const version = db.prepare('pragma data_version')
  const remembered = new LRUCache<string, Principal>({ max: rememberedMax })
  let asOf: number | undefined
  let isLooked = false
  /** Calls that arrive together share one look at the store; later calls take another. */
  const forgetRevoked = () => {
    if (isLooked) return
    isLooked = true
    setImmediate(() => {
      isLooked = false
    })
    const now = Number(version.get()?.['data_version'])
    if (now !== asOf) remembered.clear()
    asOf = now
  }
  const now = () => new Date().toISOString()
  const issue = (grant: Grant) => {
    const made = makeToken(grant)
    const { role, agency, asnId, label = '' } = grant
    const digest = tokenDigest(made.token)
    insert.run(made.principal.id, digest, role, agency ?? null, asnId ?? null, label, now())
    return made
  }
  return {
    issue(grant) {
      const made = issue(grant)
      mustBeThere(lost)
      return made
    },
    issueAll(grants, keep) {
      db.exec('begin immediate')
      try {
        keep(grants.map(grant => issue(grant).token))
        mustBeThere(lost)
        db.exec('commit')
      } catch (error) {
        db.exec('rollback')
        throw error
      }
    },
    list: () => (all.all() as Row[]).map(issuedOf),
    revoke(id) {
      remembered.clear() // Our own writes do not move the version.
      const isKnown = revoking.run(now(), id).changes > 0
      mustBeThere(lost) // Else it holds again after the next start.
      return isKnown
    },
    revokeOf(asnIds) {
      remembered.clear()
      const ended = asnIds.map(asnId => Number(revokingOf.run(now(), asnId).changes))
      mustBeThere(lost)
      return ended.reduce((sum, changes) => sum + changes, 0)
    },
    find(token) {
      forgetRevoked()
      const known = remembered.get(token)
      if (known) return known
      const row = found.get(tokenDigest(token)) as Row | undefined
      if (!row) return undefined
      const principal = principalOf({ ...row, asnId: row.asn_id })
      remembered.set(token, principal)
      return principal
    },
    close: () => db.close(),
  }
}

type Row = {
  readonly id: string
  readonly role: Role
  readonly agency: string | null
  readonly asn_id: string | null
  readonly label: string
  readonly issued: string
  readonly revoked: string | null
}

const issuedOf = (row: Row): Issued => ({
  principal: principalOf({ ...row, asnId: row.asn_id }),
  label: row.label,
  issued: row.issued,
  ...(row.revoked && { revoked: row.revoked }),
})
