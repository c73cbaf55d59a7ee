import { readFile } from 'node:fs/promises'
import { signedHeads } from '@jejak/audit/log/signed-heads'
import { decode, type Entry } from '@jejak/eventsourcing/entry'
import { EntryCheckThread } from '@jejak/replay/entry-check-thread'
import { replayLog } from '@jejak/replay/replay'
import { type LogSource, openDataSource } from '@jejak/replay/source'
import { keysFolder, servicesIn } from '@jejak/storage/data-folder'
import { CommitMacs } from '@jejak/storage/log/commit-mac'
import { unpack } from '@jejak/storage/log/entries'
import { macFile, readMacRecord } from '@jejak/storage/log/mac-file'
import { vkeyFile } from '@jejak/storage/log/signer'
import { leafHash } from '@jejak/transparency/hash'
import { parseVerifier, type VerifierKey } from '@jejak/transparency/key'
import { verifyReceipt } from '@jejak/transparency/receipt'
import type { Answers } from '../workload/service-clients.ts'
import { commitsOf } from './log-check.ts'
import { checkpointSize, Roots } from './roots.ts'

/** The contents of all logs of an installation. */
export type LogContents = {
  readonly violations: string[]
  /** By stream: its events in their order, without what differs from one run to another. */
  readonly streams: ReadonlyMap<string, readonly string[]>
  /** The enrollment of each certificate that was issued. */
  readonly certified: readonly string[]
  readonly commits: number
  readonly events: number
  readonly fences: number
}

type ProvenEntry = Answers['proven'][number]

/** How to open the logs of an installation. */
export type InstallationLogs = {
  readonly services: readonly string[]
  readonly open: (service: string) => Promise<LogSource>
  /** The folder of their keys. */
  readonly keys: string
}

export const logsIn = (data: string, keys = keysFolder(data)): InstallationLogs => ({
  services: servicesIn(data),
  open: service => openDataSource(data, service),
  keys,
})

/** Reads every log from its first commit, and compares it with the answers to callers. */
export const readInstallationLogs = async (
  { services, open, keys }: InstallationLogs,
  { proven }: Pick<Answers, 'proven'>,
): Promise<LogContents> => {
  const found: Found = {
    violations: [],
    streams: new Map(),
    certified: [],
    commits: 0,
    events: 0,
    fences: 0,
  }
  const byLog = Map.groupBy(proven, ({ entry }) => decode(entry).source)
  for (const service of services) {
    const source = await open(service)
    try {
      const key = parseVerifier(await readVkey(keys, service))
      await verify(source, key, keys, found)
      await readLog(source, found, byLog.get(key.name) ?? [], key)
      byLog.delete(key.name)
    } finally {
      await source.close()
    }
  }
  for (const [log, entries] of byLog) {
    found.violations.push(
      `${entries.length} events were acknowledged of ${log}, which is not there`,
    )
  }
  return found
}

const readVkey = async (keys: string, service: string) =>
  (await readFile(vkeyFile(keys, service), 'utf8')).trim()

/** Rebuilds everything from the bytes of the events, as `jejak log verify` does. */
const verify = async (source: LogSource, key: VerifierKey, keys: string, { violations }: Found) => {
  const heads = await signedHeads(source, key, keys)
  const check = new EntryCheckThread(key.name)
  try {
    const record = readMacRecord(macFile(keys, source.service), key.name)
    if (!record) violations.push(`${source.service} has no key of its MACs`)
    const macs = record && new CommitMacs(record, key.name)
    const { size } = await replayLog({ source, check, heads, ...(macs && { macs }) })
    await check.end()
    if (check.fault) violations.push(`${source.service}: ${check.fault.detail}`)
    const unsigned = size - Math.max(...heads.map(head => head.size))
    if (unsigned) violations.push(`${source.service} has ${unsigned} events under no head`)
  } finally {
    await check.stop()
  }
}

type Found = { -readonly [K in 'commits' | 'events' | 'fences']: number } & {
  readonly violations: string[]
  readonly streams: Map<string, string[]>
  readonly certified: string[]
}

const readLog = async (
  source: LogSource,
  found: Found,
  proven: readonly ProvenEntry[],
  key: VerifierKey,
) => {
  const roots = new Roots(proven.map(({ receipt }) => checkpointSize(receipt)))
  const leaves: Buffer[] = []
  const keys = new Set<string>()
  for await (const { entries, count, head } of commitsOf(source)) {
    found.commits++
    if (!head) found.fences++
    const name = Buffer.from(head?.key ?? []).toString('hex')
    if (name && keys.has(name)) found.violations.push(`${source.service} has the key ${name} twice`)
    keys.add(name)
    for (const entry of unpack(entries, count)) {
      found.events++
      const leaf = leafHash(entry)
      leaves.push(leaf)
      roots.add(leaf)
      addEntry(found, decode(entry))
    }
  }
  for (const each of proven) found.violations.push(...receiptProblems(each, leaves, roots, key))
}

const addEntry = ({ streams, certified }: Found, entry: Entry) => {
  const { subject, type, data } = entry
  const events = streams.get(subject) ?? []
  streams.set(subject, events)
  events.push(comparable(entry))
  if (!type.includes('.CertificateIssued.')) return
  certified.push((data as { readonly enrollmentId: string }).enrollmentId)
}

/** Fields that differ between installations, or with the time. */
const varyingFields = new Set([
  'id',
  'source',
  'time',
  'actor',
  'correlationid',
  'causationid',
  'restsOn',
  'keyId',
  'commitment',
  'iv',
])

/** Many clients take seats at once: their order is left out. */
const comparable = ({ streamversion, ...entry }: Entry): string => {
  const ordered = !entry.subject.startsWith('cohort/')
  return JSON.stringify(ordered ? { ...entry, streamversion } : entry, (name, value) => {
    if (varyingFields.has(name)) return undefined
    return name === 'ciphertext' ? String(value).length : value
  })
}

const receiptProblems = (
  { entry, receipt }: ProvenEntry,
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
