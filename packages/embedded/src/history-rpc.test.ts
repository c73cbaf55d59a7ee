// tidy: every call of one service, against one log.
import { roles } from '@jejak/access/principal'
import { enrollmentEvents } from '@jejak/events/enrollment'
import { HistoryService } from '@jejak/proto/jejak/history/v1/history'
import { connect } from '@jejak/rpc/client'
import { historyRpc } from '@jejak/rpc/history'
import { serve } from '@jejak/rpc/serve'
import { openLog, type ProvenLog } from '@jejak/storage/log/open'
import { memoryStore } from '@jejak/storage/memory'
import { openCheckpoint } from '@jejak/transparency/checkpoint'
import { leafHash } from '@jejak/transparency/hash'
import { generateKey, parseSigner, parseVerifier } from '@jejak/transparency/key'
import { verifyConsistency, verifyInclusion } from '@jejak/transparency/proof'
import { v7 } from 'uuid'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { refusalOf } from './testing/testbed.ts'

const log = 'enrollment'
const origin = 'jejak.example/enrollment'

/** A log behind a real server. A token is the name of its role. */
const open = async () => {
  const signer = parseSigner(generateKey(origin))
  const store = memoryStore()
  const proven = await openLog({ store, origin, signer })
  const elsewhere = await openLog({ store, origin })
  const server = await serve({
    address: '127.0.0.1:0',
    implementations: [
      historyRpc(
        new Map([
          ['enrollment', proven],
          ['unsigned', elsewhere],
        ]),
      ),
    ],
    authenticate: bearer => {
      const role = roles.find(role => role === bearer)
      return role && { id: 'token', role }
    },
  })
  const connections = roles.map(token => connect(`127.0.0.1:${server.port}`, { token }))
  onTestFinished(async () => {
    for (const { close } of connections) close()
    await server.drain(0)
    await proven.close()
  })
  const [agency, hr, auditor, ministry, asn] = connections.map(it => it.client(HistoryService))
  if (!agency || !hr || !auditor || !ministry || !asn) throw new Error('a role has no client')
  const as = { agency, hr, auditor, ministry, asn }
  return { proven, auditor, as, vkey: signer.vkey, drain: server.drain }
}

/** Stores so many events in a stream, with a text of so many bytes in each. */
const put = async (proven: ProvenLog, count: number, stream = 'employee/siti', bytes = 10) => {
  for (let left = count; left > 0; left -= 50) {
    const events = Array.from({ length: Math.min(50, left) }, () => ({
      id: v7(),
      type: 'jejak.test.Happened.v1',
      data: 'x'.repeat(bytes),
    }))
    expect(await proven.append({ stream, expected: 'any', events })).toHaveProperty('commit')
  }
}

/** The log as it is, not asked over gRPC. */
const entriesOf = async (proven: ProvenLog) =>
  (await Array.fromAsync(proven.read(0))).flatMap(({ entries }) =>
    entries.map(it => Buffer.from(it)),
  )

/** What the log has of who has read it. */
const readsOf = async (proven: ProvenLog) =>
  (await entriesOf(proven)).flatMap(entry => {
    const read = enrollmentEvents.read(entry)
    return read?.type === 'LogRead' ? [{ ...read, type: undefined }] : []
  })

describe('the history of a log', () => {
  test('is what the log has, byte for byte, from any position', async () => {
    const { proven, auditor } = await open()
    await put(proven, 120)
    for (const from of [0, 1, 77, 119, 120]) {
      const stored = await entriesOf(proven) // Each call leaves in it that it was made.
      const pages = await Array.fromAsync(auditor.readLog({ log, fromPosition: BigInt(from) }))
      const entries = pages.flatMap(page => page.entries.map(it => Buffer.from(it)))
      expect(entries).toEqual(stored.slice(from))
    }
  })

  test('comes in pages that fit a message, without a gap', async () => {
    const { proven, auditor } = await open()
    await put(proven, 100, 'employee/siti', 50_000)
    const pages = await Array.fromAsync(auditor.readLog({ log }))
    expect(pages.length).toBeGreaterThan(5)
    let next = 0n
    for (const { position, entries } of pages) {
      expect(position).toBe(next)
      next += BigInt(entries.length)
      expect(Buffer.concat(entries).length).toBeLessThan(1024 * 1024)
    }
    expect(next).toBe(100n)
    expect(pages.flatMap(({ entries }) => entries.map(it => Buffer.from(it)))).toEqual(
      (await entriesOf(proven)).slice(0, 100),
    )
  })

  test('of a stream has its events alone, with versions and positions', async () => {
    const { proven, auditor } = await open()
    await put(proven, 3, 'employee/budi')
    await put(proven, 1_100)
    await put(proven, 2, 'employee/budi')
    const stored = await entriesOf(proven)
    const read = async (stream: string, fromVersion = 0, toVersion = 0) => {
      const answers = auditor.readStream({ log, stream, fromVersion, toVersion })
      return (await Array.fromAsync(answers)).map(({ entry }) => [
        Number(entry?.position),
        entry?.version,
        Buffer.from(entry?.entry ?? []),
      ])
    }
    const budi = [0, 1, 2, 1103, 1104].map((position, at) => [position, at + 1, stored[position]])
    expect(await read('employee/budi')).toEqual(budi)
    expect(await read('employee/budi', 3, 4)).toEqual(budi.slice(2, 4))
    expect(await read('employee/siti')).toHaveLength(1_100) // More than a page of the store.
    expect(await read('employee/nobody')).toEqual([])
  })

  test('is followed by what is stored later, until the caller cancels', async () => {
    const { proven, auditor } = await open()
    await put(proven, 2)
    const stop = new AbortController()
    const seen: string[] = []
    let more: Promise<void> | undefined
    const following = (async () => {
      const pages = auditor.readLog({ log, fromPosition: 1n, follow: true }, stop)
      for await (const { position, entries } of pages) {
        seen.push(...entries.map((_, at) => String(position + BigInt(at))))
        more ??= put(proven, 3)
        await more
        if (seen.length === 5) stop.abort()
      }
    })()
    await expect(following).rejects.toThrow(/cancel/i)
    // The third is that it is followed.
    expect(seen).toEqual(['1', '2', '3', '4', '5'])
    const followed = { log, from: 1, role: 'auditor' }
    const [begin, end] = await vi.waitFor(async () => {
      const reads = await readsOf(proven)
      expect(reads).toHaveLength(2)
      return reads
    })
    expect(begin).toEqual({ ...followed, readId: begin?.readId, reader: 'token' })
    expect(end).toMatchObject({ ...followed, to: 6, begun: begin?.readId })
  })

  test('is recorded as read, once a call: by whom, and which events', async () => {
    const { proven, auditor, as } = await open()
    await put(proven, 3)
    await Array.fromAsync(auditor.readLog({ log, fromPosition: 1n }))
    const stream = 'employee/siti'
    await Array.fromAsync(as.hr.readStream({ log, stream }))
    await Array.fromAsync(as.hr.readStream({ log, stream, fromVersion: 2, toVersion: 9 }))
    expect(await readsOf(proven)).toMatchObject([
      { role: 'auditor', log, from: 1, to: 3 },
      { role: 'hr', log, stream, from: 1, to: 4 },
      { role: 'hr', log, stream, from: 2, to: 4 },
    ])
    await Array.fromAsync(as.hr.readStream({ log, stream, fromVersion: 4 }))
    await Array.fromAsync(as.hr.readStream({ log, stream: 'employee/nobody' }))
    await Array.fromAsync(auditor.readLog({ log, fromPosition: BigInt(await proven.size()) }))
    expect(await readsOf(proven)).toHaveLength(3) // Nothing was there to give out.
  })

  test('that can’t be recorded as read is not given out', async () => {
    const { proven, auditor, as } = await open()
    await put(proven, 3)
    const { append } = proven
    const busy = { refused: 'Busy', reason: 'the queue is full', retryAfterMs: 250 } as const
    Object.assign(proven, { append: async () => busy })
    const calls = [
      auditor.readLog({ log }),
      auditor.readLog({ log, follow: true }),
      as.hr.readStream({ log, stream: 'employee/siti' }),
    ]
    for (const call of calls) {
      const seen: unknown[] = []
      const reading = async () => {
        for await (const page of call) seen.push(page)
      }
      expect(await refusalOf(reading())).toBe('TRY_LATER')
      expect(seen).toEqual([])
    }
    Object.assign(proven, { append })
  })

  test('keeps no server that is to stop', async () => {
    const { proven, auditor, drain } = await open()
    await put(proven, 1)
    let drained: Promise<void> | undefined
    const following = (async () => {
      for await (const _ of auditor.readLog({ log, follow: true })) drained ??= drain(60_000)
    })()
    expect(await refusalOf(following)).toBe('TRY_LATER')
    await drained
  })

  test('is proven against signed heads, old and new, while the log grows', async () => {
    const { proven, auditor, vkey } = await open()
    const key = parseVerifier(vkey)
    const headOf = async () => {
      const answer = await auditor.getCheckpoint({ log })
      expect(answer.vkey).toBe(vkey)
      const head = openCheckpoint(answer.checkpoint, [key])
      expect(answer.size).toBe(BigInt(head.size))
      return head
    }
    await put(proven, 300)
    const old = await headOf()
    const growing = put(proven, 700)
    const entries = await entriesOf(proven)
    for (const index of [0, 1, 255, 256, 299]) {
      const { hashes: proof } = await auditor.getInclusionProof({
        log,
        index: BigInt(index),
        size: BigInt(old.size),
      })
      const claim = { index, size: old.size, root: old.root, proof }
      const leaf = (at: number) => leafHash(entries[at] as Buffer)
      expect(verifyInclusion({ ...claim, leaf: leaf(index) })).toBe(true)
      expect(verifyInclusion({ ...claim, leaf: leaf(index + 1 - 2 * (index % 2)) })).toBe(false)
    }
    await growing
    const { size, root } = await headOf()
    expect(size).toBe(1_000)
    const sizes = { olderSize: BigInt(old.size), size: BigInt(size) }
    const { hashes: proof } = await auditor.getConsistencyProof({ log, ...sizes })
    const claim = { oldSize: old.size, oldRoot: old.root, size, root, proof }
    expect(verifyConsistency(claim)).toBe(true)
    expect(verifyConsistency({ ...claim, oldRoot: root })).toBe(false)
  })

  test('ends where the log does', async () => {
    const { proven, auditor } = await open()
    await put(proven, 3)
    const beyond = [
      Array.fromAsync(auditor.readLog({ log, fromPosition: 4n })),
      Array.fromAsync(auditor.readLog({ log, fromPosition: 2n ** 64n - 1n, follow: true })),
      auditor.getInclusionProof({ log, index: 0n, size: 4n }),
      auditor.getConsistencyProof({ log, olderSize: 1n, size: 4n }),
    ]
    for (const call of beyond) {
      await expect(call).rejects.toMatchObject({
        reason: 'BEYOND_LOG',
        details: [{ metadata: { size: '3' } }],
      })
    }
    const wrong = [
      auditor.getInclusionProof({ log, index: 3n, size: 3n }),
      auditor.getConsistencyProof({ log, olderSize: 3n, size: 2n }),
      Array.fromAsync(auditor.readStream({ log, stream: '' })),
      Array.fromAsync(auditor.readStream({ log, stream: 'x', fromVersion: 3, toVersion: 2 })),
    ]
    for (const call of wrong) expect(await refusalOf(call)).toBe('INVALID')
  })

  test('has no head and no proofs where another process signs', async () => {
    const { auditor } = await open()
    const answer = auditor.getCheckpoint({ log: 'unsigned' })
    expect(await refusalOf(answer)).toBe('SIGNED_ELSEWHERE')
  })

  test('is for auditors; a stream also for hr, a head for all', async () => {
    const { as } = await open()
    const unknown = 'payroll'
    const size = 1n
    const calls: Record<string, (client: typeof as.hr) => Promise<unknown>> = {
      ReadStream: it => Array.fromAsync(it.readStream({ log: unknown, stream: 'employee/siti' })),
      ReadLog: it => Array.fromAsync(it.readLog({ log: unknown })),
      GetCheckpoint: it => it.getCheckpoint({ log: unknown }),
      GetInclusionProof: it => it.getInclusionProof({ log: unknown, index: 0n, size }),
      GetConsistencyProof: it => it.getConsistencyProof({ log: unknown, olderSize: 1n, size }),
    }
    for (const role of roles) {
      const mine = ['GetCheckpoint', ...(role === 'hr' ? ['ReadStream'] : [])]
      for (const [name, ask] of Object.entries(calls)) {
        const may = role === 'auditor' || mine.includes(name)
        const reason = may ? 'LOG_UNKNOWN' : 'NO_RIGHT' // Nor does it learn which logs there are.
        expect([role, name, await refusalOf(ask(as[role]))]).toEqual([role, name, reason])
      }
    }
  })
})
