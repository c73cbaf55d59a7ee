import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openLog } from '@jejak/storage/log/open'
import { memoryStore } from '@jejak/storage/memory'
import type { Commit } from '@jejak/storage/store'
import { generateKey, parseSigner, parseVerifier } from '@jejak/transparency/key'
import { beforeAll, describe, expect, test } from 'vitest'
import { type LogClients, runClient } from '../workload/log-clients.ts'
import { type HistoryLine, openClientHistory, readClientHistory } from './client-history.ts'
import { checkLog, commitsOf } from './log-check.ts'

const origin = 'simulation.example/check'
const signer = parseSigner(generateKey(origin))
const keys = [parseVerifier(signer.vkey)]

/** The history and the commits of a few clients of a log, without a fault. */
const recordHistory = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'jejak-'))
  const store = memoryStore()
  const log = await openLog({ store, origin, signer })
  const history = openClientHistory(join(folder, 'history.jsonl'))
  const stop = new AbortController()
  const clients: LogClients = { log, history, signs: true, heads: new Map(), stop: stop.signal }
  const all = Promise.all([runClient(clients), runClient(clients), runClient(clients)])
  await sleep(100)
  stop.abort()
  await all
  const lines = readClientHistory(history.path)
  const commits: Commit[] = []
  for await (const commit of commitsOf(store)) commits.push(commit)
  history.close()
  rmSync(folder, { recursive: true })
  return { lines, commits }
}

describe('the checker', () => {
  let lines: readonly HistoryLine[]
  let commits: readonly Commit[]
  beforeAll(async () => {
    const all = await recordHistory()
    lines = all.lines
    commits = all.commits
  })

  const violations = async (stored: readonly Commit[], history: readonly HistoryLine[] = lines) => {
    async function* read() {
      yield* stored
    }
    return (await checkLog(read(), [history], keys)).violations
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
    const unsent = lines.filter(line => line.key !== key)
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
})
