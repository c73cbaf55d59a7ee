import { hash } from 'node:crypto'
import { decode, type Entry } from '@jejak/eventsourcing/entry'
import { unpack } from '@jejak/storage/log/entries'
import type { Commit } from '@jejak/storage/store'
import { leafHash } from '@jejak/transparency/hash'
import type { VerifierKey } from '@jejak/transparency/key'
import { parseReceipt, verifyReceipt } from '@jejak/transparency/receipt'
import { type AcknowledgedRequest, type HistoryLine, unanswered } from './client-history.ts'
import { headProblems, headSizes, type KeptKeys, MacCheck } from './kept-keys.ts'
import { checkpointSize, Roots } from './roots.ts'

/** The verdict of a scenario: the promises of the log, compared with its contents. */
export type Verdict = {
  /** Sentences; none if every promise was kept. */
  readonly violations: readonly string[]
  readonly commits: number
  readonly events: number
  readonly fences: number
  readonly acknowledged: number
  readonly refused: number
  /** Requests whose answer did not come or was `Unknown`: each was sent again. */
  readonly unknown: number
  readonly receipts: number
  /** Longest time between two acknowledgements to any client; absent if not measured. */
  readonly longestStallMs?: number
}

type Commits = AsyncIterable<Commit>

/** The durable commits in order, a page at a time. */
export async function* commitsOf(store: {
  readonly commits: (from: number) => Promise<readonly Commit[]>
}): Commits {
  for (let from = 1; ; ) {
    const page = await store.commits(from)
    yield* page
    const last = page.at(-1)
    if (!last) return
    from = last.number + 1
  }
}

export const checkLog = async (
  commits: Commits,
  histories: readonly (readonly HistoryLine[])[],
  keys: KeptKeys,
): Promise<Verdict> => {
  const lines = histories.flat()
  const violations: string[] = []
  const recorded = collect(histories)
  const roots = new Roots([...recorded.receipts.map(checkpointSize), ...headSizes(keys)])
  const log = new CommitCheck(roots, new MacCheck(keys), violations)
  for await (const commit of commits) log.add(commit)
  for (const one of recorded.acknowledged) {
    const stored = log.byKey.get(one.key)
    if (!stored) violations.push(`${one.key} was acknowledged and is not there`)
    else violations.push(...promised(one, stored), ...proven(one, stored, roots, keys.verifiers))
  }
  for (const key of log.byKey.keys()) {
    if (!recorded.sent.has(key)) violations.push(`${key} is there and was never sent`)
    if (recorded.refused.has(key)) violations.push(`${key} was refused and is there`)
  }
  return {
    violations: [
      ...violations,
      ...headProblems(keys, roots, log.counts.events),
      ...recorded.faults,
    ],
    ...log.counts,
    acknowledged: new Set(recorded.acknowledged.map(({ key }) => key)).size,
    refused: recorded.refused.size,
    unknown: recorded.unknown,
    receipts: recorded.receipts.length,
    longestStallMs: longestStall(lines),
  }
}

const collect = (histories: readonly (readonly HistoryLine[])[]) => {
  const lines = histories.flat()
  const acknowledged = lines.filter(line => line.is === 'acknowledged')
  const refusals = lines.filter(line => line.is === 'refused')
  return {
    sent: new Set(lines.filter(line => line.is === 'sent').map(({ key }) => key)),
    acknowledged,
    receipts: acknowledged.flatMap(({ receipts }) => receipts),
    refused: new Set(refusals.map(({ key }) => key)),
    unknown: lines.filter(line => line.is === 'resent').length,
    faults: [
      ...refusals
        .filter(({ why }) => why !== 'VersionConflict')
        .map(({ key, why }) => `${key} was refused as ${why}`),
      ...histories.flatMap(unanswered).map(({ key }) => `${key} never got an answer`),
      ...lines
        .filter(line => line.is === 'unproven')
        .map(({ key, why }) => `${key} got no receipt: ${why}`),
      ...histories.flatMap(signedLater),
    ],
  }
}

/** Receipts under heads that were signed after the log had been taken out of service. */
const signedLater = (lines: readonly HistoryLine[]): string[] => {
  let last = Number.POSITIVE_INFINITY
  return lines.flatMap(line => {
    if (line.is === 'opened') last = Number.POSITIVE_INFINITY
    if (line.is === 'stopped') last = line.size
    if (line.is !== 'acknowledged') return []
    const later = line.receipts.map(checkpointSize).find(size => size > last)
    return later ? [`${line.key} has a receipt of ${later}: the log had stopped at ${last}`] : []
  })
}

const longestStall = (lines: readonly HistoryLine[]) => {
  const times = lines.filter(line => line.is === 'acknowledged').map(({ atMs }) => atMs)
  const inOrder = Float64Array.from(times).sort()
  return inOrder.reduce((longest, at, i) => Math.max(longest, at - (inOrder[i - 1] ?? at)), 0)
}

/** Reads the log once, from its first commit. */
class CommitCheck {
  readonly byKey = new Map<string, Commit>()
  readonly counts = { commits: 0, events: 0, fences: 0 }
  readonly #heads = new Map<string, number>()
  readonly #roots: Roots
  readonly #macs: MacCheck
  readonly #violations: string[]
  #time = ''

  constructor(roots: Roots, macs: MacCheck, violations: string[]) {
    this.#roots = roots
    this.#macs = macs
    this.#violations = violations
  }

  add(commit: Commit) {
    const { number, position, count, head, rooted } = commit
    const refuse = (what: string) => this.#violations.push(`commit ${number} ${what}`)
    if (number !== this.counts.commits + 1) refuse(`is not ${this.counts.commits + 1}`)
    if (position !== this.counts.events) refuse(`is at ${position}, not at ${this.counts.events}`)
    const entries = unpack(commit.entries, count)
    const leaves = entries.map(leafHash)
    for (const leaf of leaves) this.#roots.add(leaf)
    this.#violations.push(...this.#macs.add(commit, leaves))
    if (rooted && !this.#roots.is(rooted.root, rooted.range)) refuse('has a root of other entries')
    if (head) this.#follow(commit, entries, refuse)
    else if (count > 0) refuse('has events and no stream')
    this.counts.commits = number
    this.counts.events += count
    if (!head) this.counts.fences++
  }

  #follow(commit: Commit, entries: readonly Uint8Array[], refuse: (what: string) => void) {
    const { stream = '', version = 0, key } = commit.head ?? {}
    const next = (this.#heads.get(stream) ?? 0) + 1
    if (version !== next) refuse(`is version ${version} of ${stream}, not ${next}`)
    this.#heads.set(stream, version + commit.count - 1)
    const name = Buffer.from(key ?? []).toString('hex')
    if (this.byKey.has(name)) refuse(`has the key of another: ${name}`)
    this.byKey.set(name, commit)
    for (const [i, entry] of entries.entries()) {
      const { subject, streamversion, data, time = '' } = decoded(entry)
      if (time < this.#time) refuse(`is of ${time}, after one of ${this.#time}`)
      this.#time = time
      const { request } = (data ?? {}) as { request?: string }
      if (subject !== stream || streamversion !== version + i || request !== name) {
        refuse(`has an entry of another: ${subject} ${streamversion} ${request}`)
      }
    }
  }
}

/** Bytes that are no entry any more have no fields: that is a violation, not a failure. */
const decoded = (entry: Uint8Array): Partial<Entry> => {
  try {
    return decode(entry)
  } catch {
    return {}
  }
}

const promised = (
  request: AcknowledgedRequest,
  { number, position, head, entries, count }: Commit,
) => {
  const stored = unpack(entries, count).map(entry => hash('sha256', entry))
  const same =
    request.commit === number &&
    request.position === position &&
    request.version === head?.version &&
    request.hashes.join() === stored.join()
  return same ? [] : [`${request.key} is there, but not as it was acknowledged`]
}

const proven = (
  { key, receipts }: AcknowledgedRequest,
  { position, entries, count }: Commit,
  roots: Roots,
  keys: readonly VerifierKey[],
) => {
  const stored = receipts.length > 0 ? unpack(entries, count) : []
  return receipts.flatMap((receipt, i) => {
    try {
      const { index, checkpoint } = verifyReceipt(receipt, stored[i] as Uint8Array, keys)
      if (index !== position + i) return [`${key} has a receipt for ${index}`]
      if (roots.at(checkpoint.size)?.equals(checkpoint.root)) return []
      return [`${key} has a receipt under a head that is not the log's, of ${checkpoint.size}`]
    } catch (error) {
      return [`${key} has a receipt that is refused: ${error} ${parseReceipt(receipt).index}`]
    }
  })
}
