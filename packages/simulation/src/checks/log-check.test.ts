import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CommitDigest, CommitMacs, newMacRecord } from '@jejak/storage/log/commit-mac'
import { pack, unpack } from '@jejak/storage/log/entries'
import { openLog } from '@jejak/storage/log/open'
import { memoryStore } from '@jejak/storage/memory'
import type { Commit } from '@jejak/storage/store'
import { leafHash } from '@jejak/transparency/hash'
import { generateKey, parseSigner, parseVerifier } from '@jejak/transparency/key'
import { parseReceipt } from '@jejak/transparency/receipt'
import { beforeAll, describe, expect, test } from 'vitest'
import { type LogClients, runClient } from '../workload/log-clients.ts'
import { type HistoryLine, openClientHistory, readClientHistory } from './client-history.ts'
import type { KeptKeys } from './kept-keys.ts'
import { checkLog, commitsOf } from './log-check.ts'

const origin = 'simulation.example/check'
const signer = parseSigner(generateKey(origin))
const macs = newMacRecord()

const enoughEvents = 200

/** The history and the commits of a few clients of a log, without a fault. */
const recordHistory = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'jejak-'))
  const store = memoryStore()
  const log = await openLog({ store, origin, signer, macs: new CommitMacs(macs, origin) })
  const history = openClientHistory(join(folder, 'history.jsonl'))
  const stop = new AbortController()
  const clients: LogClients = { log, history, signs: true, heads: new Map(), stop: stop.signal }
  const all = Promise.all([runClient(clients), runClient(clients), runClient(clients)])
  while ((await log.size()) < enoughEvents) await sleep(10)
  stop.abort()
  await all
  const lines = readClientHistory(history.path)
  const commits: Commit[] = []
  for await (const commit of commitsOf(store)) commits.push(commit)
  const head = log.head()?.checkpoint
  history.close()
  await log.close()
  rmSync(folder, { recursive: true })
  return { lines, commits, head }
}

describe('the checker', () => {
  let lines: readonly HistoryLine[]
  let commits: readonly Commit[]
  let keys: KeptKeys
  beforeAll(async () => {
    const all = await recordHistory()
    lines = all.lines
    commits = all.commits
    const verifiers = [parseVerifier(signer.vkey)]
    keys = { origin, verifiers, macs, kept: all.head, published: all.head }
  })

  const violations = async (
    stored: readonly Commit[],
    history: readonly HistoryLine[] = lines,
    kept: Partial<KeptKeys> = {},
  ) => {
    async function* read() {
      yield* stored
    }
    return (await checkLog(read(), [history], { ...keys, ...kept })).violations
  }
  const middle = () => Math.floor(commits.length / 2)
  const at = (i: number) => commits[i] as Commit
  const altered = (i: number, more: Partial<Commit>) => commits.with(i, { ...at(i), ...more })
  const flipped = (bytes: Uint8Array) => {
    const copy = Buffer.from(bytes)
    copy[copy.length - 4] = (copy[copy.length - 4] ?? 0) ^ 1
    return copy
  }
  const keyOf = ({ head }: Commit) => Buffer.from(head?.key ?? []).toString('hex')

  test('finds nothing in a log that kept its promises', async () => {
    expect(commits.length).toBeGreaterThan(20)
    expect(await violations(commits)).toEqual([])
  })

  test('finds what was acknowledged and is gone', async () => {
    const lost = keyOf(at(commits.length - 1))
    expect(await violations(commits.slice(0, -1))).toContain(
      `${lost} was acknowledged and is not there`,
    )
  })

  test('finds a gap in the commits and in the positions', async () => {
    const number = middle() + 2
    const found = await violations(commits.toSpliced(middle(), 1))
    expect(found).toContain(`commit ${number} is not ${number - 1}`)
    expect(found).toContainEqual(expect.stringMatching(`commit ${number} is at \\d+, not at`))
  })

  test('finds edited bytes: in the promise, in the root, in every later receipt', async () => {
    const found = await violations(altered(middle(), { entries: flipped(at(middle()).entries) }))
    expect(found).toContain(`${keyOf(at(middle()))} is there, but not as it was acknowledged`)
    expect(found.some(violation => violation.endsWith('has a root of other entries'))).toBe(true)
    expect(found.filter(violation => violation.includes('receipt')).length).toBeGreaterThan(10)
  })

  test('finds bytes that are no entry any more', async () => {
    const entries = Buffer.from(at(middle()).entries)
    entries[2] = 0x23 // The first byte after the length: JSON does not begin so.
    const found = await violations(altered(middle(), { entries }))
    expect(found).toContainEqual(expect.stringContaining('has an entry of another'))
    expect(found).toContain(`${keyOf(at(middle()))} is there, but not as it was acknowledged`)
  })

  test('finds a stored root that is not that of the entries', async () => {
    const i = commits.findLastIndex(({ rooted }) => rooted)
    const { root, range } = at(i).rooted ?? { root: Buffer.of(), range: Buffer.of() }
    expect(await violations(altered(i, { rooted: { root: flipped(root), range } }))).toEqual([
      `commit ${i + 1} has a root of other entries`,
    ])
    expect(await violations(altered(i, { rooted: { root, range: flipped(range) } }))).toHaveLength(
      1,
    )
  })

  test('finds a version that leaves a hole in its stream', async () => {
    const i = commits.findIndex(({ head }) => head && head.version > 1)
    const head = at(i).head ?? { stream: '', version: 0 }
    const found = await violations(altered(i, { head: { ...head, version: head.version + 1 } }))
    expect(found).toContainEqual(expect.stringContaining(`is version ${head.version + 1} of`))
  })

  test('finds a request that was stored twice', async () => {
    const key = at(0).head?.key as Uint8Array
    const head = { ...(at(middle()).head as NonNullable<Commit['head']>), key }
    expect(await violations(altered(middle(), { head }))).toContainEqual(
      expect.stringContaining('has the key of another'),
    )
  })

  test('finds what was refused and is there, and what was never sent', async () => {
    const key = keyOf(at(middle()))
    const refused: HistoryLine = { is: 'refused', key, why: 'VersionConflict', atMs: 0 }
    expect(await violations(commits, [...lines, refused])).toEqual([
      `${key} was refused and is there`,
    ])
    const unsent = lines.filter(line => !('key' in line) || line.key !== key)
    expect(await violations(commits, unsent)).toEqual([`${key} is there and was never sent`])
  })

  test('finds a receipt whose head the log never had, and one that is not signed', async () => {
    const { lines: others } = await recordHistory()
    const receipts = others.flatMap(line => (line.is === 'acknowledged' ? line.receipts : []))
    const i = lines.findIndex(line => line.is === 'acknowledged')
    const withReceipt = (receipt: string) =>
      lines.with(i, { ...(lines[i] as HistoryLine), receipts: [receipt] } as HistoryLine)
    const own = lines[i]?.is === 'acknowledged' ? (lines[i].receipts[0] ?? '') : ''
    const found = await violations(commits, withReceipt(receipts[0] ?? ''))
    expect(found).toContainEqual(expect.stringContaining('has a receipt'))
    const forged = `${own.slice(0, -20)}${own.at(-20) === 'A' ? 'B' : 'A'}${own.slice(-19)}`
    expect(await violations(commits, withReceipt(forged))).toContainEqual(
      expect.stringContaining('has a receipt that is refused'),
    )
  })

  test('finds a request that never got an answer', async () => {
    const sent: HistoryLine = { is: 'sent', key: 'k', stream: 's', expected: 0, count: 1, atMs: 0 }
    expect(await violations(commits, [...lines, sent])).toEqual(['k never got an answer'])
  })

  describe('finds a commit that nobody wrote who has the key of the MACs:', () => {
    const stripped = ({ mac: _, ...commit }: Commit): Commit => commit
    const fence = () => {
      const [number, position] = [commits.length + 1, at(commits.length - 1).position]
      const count = at(commits.length - 1).count
      return { number, position: position + count, count: 0, entries: Buffer.alloc(0) }
    }

    test('one whose MAC was stripped', async () => {
      const found = await violations(commits.with(middle(), stripped(at(middle()))))
      expect(found).toEqual([expect.stringContaining(`commit ${middle() + 1} has no MAC`)])
    })

    test('a fence without one', async () => {
      const found = await violations([...commits, fence()])
      expect(found).toEqual([expect.stringContaining(`commit ${commits.length + 1} has no MAC`)])
      const stamped = new CommitMacs(macs, origin).stamp(fence(), [])
      expect(await violations([...commits, stamped])).toEqual([])
    })

    test('one with the MAC of another key', async () => {
      const forged = new CommitMacs(newMacRecord(), origin).stamp(fence(), [])
      expect(await violations([...commits, forged])).toEqual([
        expect.stringContaining('does not have the MAC that it was written with'),
      ])
    })

    test('one whose digest of the request is another', async () => {
      const { digest: _, ...head } = at(middle()).head as NonNullable<Commit['head']>
      const found = await violations(altered(middle(), { head }))
      expect(found).toEqual([expect.stringContaining(`commit ${middle() + 1} does not have`)])
    })

    test('one that is older than the MACs and was altered since', async () => {
      const older = commits.map(stripped)
      const digest = new CommitDigest(origin)
      for (const commit of older) digest.add(commit, leavesOf(commit))
      const pinned = { macs: newMacRecord(commits.length + 1, digest.digest()) }
      expect(await violations(older, lines, pinned)).toEqual([])
      const { digest: _, ...head } = at(middle()).head as NonNullable<Commit['head']>
      const edited = older.with(middle(), { ...stripped(at(middle())), head })
      expect(await violations(edited, lines, pinned)).toEqual([
        `commit ${commits.length} ends what is older than the MACs, which was altered`,
      ])
    })
  })

  test('finds that the time goes back', async () => {
    const stored = unpack(at(middle()).entries, at(middle()).count)
    const early = stored.map(entry =>
      Buffer.from(String(entry).replace(/"time":"\d{4}/, '"time":"2001')),
    )
    const found = await violations(altered(middle(), { entries: pack(early) }))
    expect(found).toContainEqual(
      expect.stringMatching(`commit ${middle() + 1} is of 2001-.+, after one of 20[2-9]`),
    )
  })

  describe('finds a head', () => {
    const receipt = () => {
      const first = lines.find(line => line.is === 'acknowledged')
      return parseReceipt((first?.is === 'acknowledged' && first.receipts[0]) || '')
    }

    test('that goes back', async () => {
      const { checkpoint } = receipt()
      expect(await violations(commits, lines, { kept: checkpoint })).toEqual([
        expect.stringMatching(/^the kept head is of \d+, the log has \d+ events$/),
      ])
      // Processes that do not sign see heads a second later.
      expect(await violations(commits, lines, { published: checkpoint })).toEqual([])
    })

    test('that is not there', async () => {
      expect(await violations(commits, lines, { kept: undefined })).toEqual(['the log has no head'])
    })

    test('that the log never had', async () => {
      const { head } = await recordHistory()
      expect(await violations(commits, lines, { published: head })).toEqual([
        expect.stringContaining("the head in the store is not the log's"),
      ])
    })

    test('that was signed after the log had been taken out of service', async () => {
      const i = lines.findIndex(line => line.is === 'acknowledged')
      const stopped: HistoryLine = { is: 'stopped', size: 0, atMs: 0 }
      const opened: HistoryLine = { is: 'opened', atMs: 0 }
      const found = await violations(commits, lines.toSpliced(i, 0, stopped))
      expect(found[0]).toMatch(/^\w+ has a receipt of \d+: the log had stopped at 0$/)
      expect(await violations(commits, lines.toSpliced(i, 0, stopped, opened))).toEqual([])
    })
  })
})

const leavesOf = ({ entries, count }: Commit) => unpack(entries, count).map(leafHash)
