import { readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { verifyData } from '@jejak/cli/verify-data'
import { keysFolder, logFile, servicesIn } from '@jejak/embedded/folder'
import { decode, type Entry } from '@jejak/eventsourcing/entry'
import { unpack } from '@jejak/storage/entries'
import { vkeyFile } from '@jejak/storage/signer'
import { sqliteReader } from '@jejak/storage/sqlite'
import { leafHash } from '@jejak/transparency/hash'
import { parseVerifier, type VerifierKey } from '@jejak/transparency/key'
import { verifyReceipt } from '@jejak/transparency/receipt'
import type { Ledger } from './caller.ts'
import { commitsOf } from './check.ts'
import { checkpointSize, Roots } from './roots.ts'

/** What the logs of an installation have in the end. */
export type Outcome = {
  readonly violations: string[]
  /** By stream: its events in their order, without what differs from one run to another. */
  readonly streams: ReadonlyMap<string, readonly string[]>
  /** Of each certificate that was issued. */
  readonly certified: readonly string[]
  readonly commits: number
  readonly events: number
  readonly fences: number
}

type Told = Ledger['proven'][number]

/** Reads every log from its first commit, and holds against it what callers were told. */
export const outcomeOf = async (
  data: string,
  { proven }: Pick<Ledger, 'proven'>,
  keys = keysFolder(data),
): Promise<Outcome> => {
  const found: Found = {
    violations: [],
    streams: new Map(),
    certified: [],
    commits: 0,
    events: 0,
    fences: 0,
  }
  const byLog = Map.groupBy(proven, ({ entry }) => decode(entry).source)
  for (const service of servicesIn(data)) {
    const options = { data, service, keys, vkey: undefined, against: [] }
    const { unsigned } = await verifyData(options)
    if (unsigned) found.violations.push(`${service} has ${unsigned} events under no head`)
    const vkey = readFileSync(vkeyFile(keys, service), 'utf8')
    const key = parseVerifier(vkey.trim())
    await readLog(data, service, found, byLog.get(key.name) ?? [], key)
    byLog.delete(key.name)
  }
  for (const [log, told] of byLog) {
    found.violations.push(`${told.length} events were acknowledged of ${log}, which is not there`)
  }
  return found
}

type Found = { -readonly [K in 'commits' | 'events' | 'fences']: number } & {
  readonly violations: string[]
  readonly streams: Map<string, string[]>
  readonly certified: string[]
}

const readLog = async (
  data: string,
  service: string,
  found: Found,
  told: readonly Told[],
  key: VerifierKey,
) => {
  const roots = new Roots(told.map(({ receipt }) => checkpointSize(receipt)))
  const leaves: Buffer[] = []
  const keys = new Set<string>()
  const db = new DatabaseSync(logFile(data, service), { readOnly: true })
  try {
    for await (const { entries, count, head } of commitsOf(sqliteReader(db))) {
      found.commits++
      if (!head) found.fences++
      const name = Buffer.from(head?.key ?? []).toString('hex')
      if (name && keys.has(name)) found.violations.push(`${service} has the key ${name} twice`)
      keys.add(name)
      for (const entry of unpack(entries, count)) {
        found.events++
        const leaf = leafHash(entry)
        leaves.push(leaf)
        roots.add(leaf)
        take(found, decode(entry))
      }
    }
  } finally {
    db.close()
  }
  for (const each of told) found.violations.push(...proven(each, leaves, roots, key))
}

const take = ({ streams, certified }: Found, entry: Entry) => {
  const { subject, type, data } = entry
  const events = streams.get(subject) ?? []
  streams.set(subject, events)
  events.push(lasting(entry))
  if (!type.includes('.CertificateIssued.')) return
  certified.push((data as { readonly enrollmentId: string }).enrollmentId)
}

/** Made anew by each installation, or a matter of time. */
const passing = new Set([
  'id',
  'source',
  'time',
  'actor',
  'correlationid',
  'causationid',
  'keyId',
  'commitment',
  'iv',
])

/** Seats are taken by many clients, so that their order is nobody's. */
const lasting = ({ streamversion, ...entry }: Entry): string => {
  const ordered = !entry.subject.startsWith('cohort/')
  return JSON.stringify(ordered ? { ...entry, streamversion } : entry, (name, value) => {
    if (passing.has(name)) return undefined
    return name === 'ciphertext' ? String(value).length : value
  })
}

const proven = (
  { entry, receipt }: Told,
  leaves: readonly Buffer[],
  roots: Roots,
  key: VerifierKey,
) => {
  const { id, type } = decode(entry)
  try {
    const { index, checkpoint } = verifyReceipt(receipt, entry, [key])
    if (!leaves[index]?.equals(leafHash(entry))) return [`${type} ${id} is not there any more`]
    if (roots.at(checkpoint.size)?.equals(checkpoint.root)) return []
    return [`${type} ${id} has a receipt under a head that is not the log's`]
  } catch (error) {
    return [`${type} ${id} has a receipt that is refused: ${error}`]
  }
}
