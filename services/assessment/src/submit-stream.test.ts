import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { assessmentEvents } from '@jejak/events/assessment'
import type { EventLog } from '@jejak/eventsourcing/log'
import { memoryVault } from '@jejak/privacy/memory-vault'
import { errorOf } from '@jejak/rpc/error'
import { memoryStore } from '@jejak/storage/memory'
import { openLog } from '@jejak/storage/open'
import { sqliteStore } from '@jejak/storage/sqlite'
import { generateKey, parseSigner } from '@jejak/transparency/key'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  assessmentOf,
  eventsOf,
  openRegistry,
  openTestbed,
  refusalOf,
  type Testbed,
  toldBy,
} from './testbed.ts'

const source = 'jejak.example/assessment'
const folder = mkdtempSync(join(tmpdir(), 'jejak-submit-'))
const stores = {
  memory: memoryStore,
  sqlite: () => sqliteStore(join(folder, `${randomUUID()}.db`)),
}

type Sent = {
  readonly requestId: string
  readonly assessment: Partial<ReturnType<typeof assessmentOf>> & { readonly nip?: string }
}
const of = (asnId: string): Sent => ({ requestId: randomUUID(), assessment: assessmentOf(asnId) })

describe.each(['memory', 'sqlite'] as const)('a stream of assessments on %s', kind => {
  let bed: Testbed
  const reads = { count: 0 }

  beforeEach(async () => {
    const signer = parseSigner(generateKey(source))
    const { check } = assessmentEvents
    const store = await stores[kind]()
    const proven = await openLog({ store, origin: source, signer, check })
    const log: EventLog = {
      ...proven,
      readStreams: queries => {
        reads.count++
        return proven.readStreams(queries)
      },
    }
    const clock = () => Date.parse('2026-02-01T00:00:00Z')
    bed = await openTestbed({
      log,
      source,
      employees: openRegistry(),
      keys: memoryVault(),
      clock,
    })
  })
  afterEach(async () => {
    await bed.close()
    if (kind === 'sqlite') rmSync(folder, { recursive: true, force: true })
  })

  const people = (count: number) => Array.from({ length: count }, () => bed.employees.register())
  const stream = (
    items: AsyncIterable<Sent> | Iterable<Sent>,
    { token = 'rsud-daya', signal }: { token?: string; signal?: AbortSignal } = {},
  ) => {
    const requests = (async function* () {
      yield* items
    })()
    return bed.assessments(token).submitAssessments(requests, signal ? { signal } : {})
  }
  type Answer = Awaited<ReturnType<ReturnType<typeof stream>[typeof Symbol.asyncIterator]>>
  const answersTo = async (items: Iterable<Sent>) => Array.fromAsync(stream(items))
  const outcomeOf = ({ outcome }: { outcome: { case?: string; value?: unknown } }) =>
    outcome as
      | {
          case: 'recorded'
          value: { entries: Uint8Array[]; receipts: string[]; repeated: boolean }
        }
      | { case: 'refused'; value: Parameters<typeof errorOf>[0] }

  test('of 5,000 people is answered item by item, and asks of all in batches', async () => {
    const sent = people(5_000).map(of)
    reads.count = 0
    const before = await bed.log.size()
    const answers = await answersTo(sent)
    expect(answers.map(({ requestId }) => requestId).toSorted()).toEqual(
      sent.map(({ requestId }) => requestId).toSorted(),
    )
    const asked = new Map(sent.map(({ requestId, assessment }) => [requestId, assessment.asnId]))
    for (const answer of answers) {
      const outcome = outcomeOf(answer)
      if (outcome.case !== 'recorded') throw errorOf(outcome.value)
      expect(outcome.value.receipts).toHaveLength(1)
      const [event] = eventsOf(outcome.value) ?? []
      expect(event?.subject).toBe(`competency/${asked.get(answer.requestId)}`)
    }
    expect((await bed.log.size()) - before).toBe(5_000)
    expect(reads.count).toBeLessThan(1_000)
    expect(bed.employees.asked.resolve).toBeLessThan(1_000)
  })
})
