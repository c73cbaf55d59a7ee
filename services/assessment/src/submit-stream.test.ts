import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { assessmentEvents } from '@jejak/events/assessment'
import type { EventLog } from '@jejak/eventsourcing/log'
import { memoryVault } from '@jejak/privacy/memory-vault'
import type { SubmitAssessmentsResponse } from '@jejak/proto/jejak/assessment/v1/assessment'
import { errorOf } from '@jejak/rpc/error'
import { openLog } from '@jejak/storage/log/open'
import { memoryStore } from '@jejak/storage/memory'
import { sqliteStore } from '@jejak/storage/sqlite/store'
import { generateKey, parseSigner } from '@jejak/transparency/key'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  assessmentOf,
  eventsOf,
  openRegistry,
  openTestbed,
  refusalIn,
  refusalOf,
  type Testbed,
} from './testing/service.ts'

const source = 'jejak.example/assessment'
const folder = mkdtempSync(join(tmpdir(), 'jejak-submit-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const sqlite = () => sqliteStore(join(folder, `${randomUUID()}.db`))

type Sent = {
  readonly requestId: string
  readonly assessment: ReturnType<typeof assessmentOf> & { readonly nip?: string }
}
const of = (asnId: string): Sent => ({ requestId: randomUUID(), assessment: assessmentOf(asnId) })
const idsOf = (items: { requestId: string }[]) => items.map(item => item.requestId).toSorted()

/** What was stored for an item, or how it was refused. */
const outcomeOf = ({ outcome }: SubmitAssessmentsResponse) => {
  if (outcome.case === 'recorded') return outcome.value
  if (outcome.case === 'refused') return refusalIn(errorOf(outcome.value))
  throw new Error('an answer without an outcome')
}

/** Thousands of items, on a machine that others may load. */
const timeout = 60_000

describe.each([
  ['memory', memoryStore],
  ['sqlite', sqlite],
])('a stream of assessments on %s', { timeout }, (_, open) => {
  let bed: Testbed
  let reads: number
  let before: number

  beforeEach(async () => {
    const signer = parseSigner(generateKey(source))
    const { check } = assessmentEvents
    const proven = await openLog({ store: await open(), origin: source, signer, check })
    const log: EventLog = {
      ...proven,
      readStreams: queries => {
        reads++
        return proven.readStreams(queries)
      },
    }
    const employees = openRegistry({ answersAfterMs: 5 })
    const clock = () => Date.parse('2026-02-01T00:00:00Z')
    bed = await openTestbed({ log, source, employees, keys: memoryVault(), clock })
    reads = 0
    before = await log.size()
  })
  afterEach(() => bed.close())

  const people = (count: number) => Array.from({ length: count }, () => bed.employees.register())
  const stored = async () => (await bed.log.size()) - before
  /** Once it does not grow any more. */
  const storedInTheEnd = async () => {
    for (let last = -1; ; await sleep(200)) {
      const now = await stored()
      if (now === last) return now
      last = now
    }
  }
  const stream = (items: Iterable<Sent>, token = 'rsud-daya', signal?: AbortSignal) =>
    bed.assessments(token).submitAssessments(
      (async function* () {
        yield* items
      })(),
      signal ? { signal } : {},
    )
  const answersTo = (items: Iterable<Sent>) => Array.fromAsync(stream(items))

  test('of 5,000 people is answered item by item, and asks of all in batches', async () => {
    const sent = people(5_000).map(of)
    const answers = await answersTo(sent)
    expect(idsOf(answers)).toEqual(idsOf(sent))
    const asnIds = new Map(sent.map(({ requestId, assessment }) => [requestId, assessment.asnId]))
    for (const answer of answers) {
      const recorded = outcomeOf(answer)
      if ('code' in recorded) throw new Error(recorded.reason)
      expect(recorded.receipts).toHaveLength(1)
      const [event] = eventsOf(recorded) ?? []
      expect(event?.subject).toBe(`competency/${asnIds.get(answer.requestId)}`)
    }
    expect(await stored()).toBe(5_000)
    expect(reads).toBeLessThan(1_000)
    expect(bed.employees.asked.resolve).toBeLessThan(1_000)
  })

  test('of one person, many at once, is recorded in full', async () => {
    const [asnId = ''] = people(1)
    const sent = Array.from({ length: 300 }, () => of(asnId))
    const answers = await answersTo(sent)
    expect(answers.map(outcomeOf).filter(outcome => 'code' in outcome)).toEqual([])
    expect(await stored()).toBe(300)
  })

  test('may name all by NIP, looked up in batches and stored nowhere', async () => {
    const nips = Array.from(
      { length: 300 },
      (_, i) => `198609262015051${String(i + 1).padStart(3, '0')}`,
    )
    const sent = nips.map(nip => {
      bed.employees.register({ nip })
      return { requestId: randomUUID(), assessment: { ...assessmentOf(''), nip } }
    })
    const answers = await answersTo(sent)
    expect(answers.map(outcomeOf).filter(outcome => 'code' in outcome)).toEqual([])
    expect(await stored()).toBe(300)
    expect(bed.employees.asked.byNip).toBeLessThan(100)
    for await (const { entries } of bed.log.read(before)) {
      for (const entry of entries)
        expect(Buffer.from(entry).includes('198609262015051')).toBe(false)
    }
  })

  test('answers alike what it has twice, and what the unary call has stored', async () => {
    const [one, other, third] = people(3).map(of) as [Sent, Sent, Sent]
    await bed.assessments('rsud-daya').submitAssessment(third)
    const differently = { ...other, assessment: { ...other.assessment, level: 5 } }
    const answers = await answersTo([one, one, other, differently, third])
    const byId = (id: string) => answers.filter(({ requestId }) => requestId === id).map(outcomeOf)
    const twice = byId(one.requestId) as { entries: Uint8Array[]; repeated: boolean }[]
    expect(twice.map(({ repeated }) => repeated).toSorted()).toEqual([false, true])
    expect(twice[0]?.entries).toEqual(twice[1]?.entries)
    expect(byId(other.requestId)).toMatchObject([
      { repeated: false },
      { code: 'ALREADY_EXISTS', reason: 'REQUEST_ID_REUSED' },
    ])
    expect(byId(third.requestId)).toMatchObject([{ repeated: true }])
    expect(await stored()).toBe(3)
  })

  test('says of each item what is wrong with it, and goes on', async () => {
    const [known = ''] = people(1)
    const elsewhere = bed.employees.register({ agency: 'dinkes' })
    const wrong = { ...of(known), assessment: { ...assessmentOf(known), level: 7 } }
    const unnamed = { ...of(known), requestId: '' }
    const sent = [wrong, unnamed, of(elsewhere), of(randomUUID()), of(known)]
    const answers = await answersTo(sent)
    const outcome = ({ requestId }: Sent) =>
      answers.filter(answer => answer.requestId === requestId).map(outcomeOf)
    expect(sent.flatMap(outcome)).toMatchObject([
      { code: 'INVALID_ARGUMENT', violations: [['assessment.level', expect.any(String)]] },
      { code: 'INVALID_ARGUMENT', violations: [['request_id', expect.any(String)]] },
      { code: 'PERMISSION_DENIED', reason: 'NO_RIGHT' },
      { code: 'NOT_FOUND', reason: 'EMPLOYEE_UNKNOWN' },
      { repeated: false },
    ])
    expect(await stored()).toBe(1)
  })

  test('is refused as a whole to who submits for nobody', async () => {
    const [asnId = ''] = people(1)
    for (const token of ['hr', 'auditor', 'ministry', asnId]) {
      const refusal = await refusalOf(Array.fromAsync(stream([of(asnId)], token)))
      expect(refusal).toMatchObject({ code: 'PERMISSION_DENIED', reason: 'NO_RIGHT' })
    }
    expect(await stored()).toBe(0)
  })

  test('waits for who does not read the answers, and then goes on', async () => {
    const sent = people(3_000).map(of)
    const answers = stream(sent)[Symbol.asyncIterator]()
    const first = await answers.next()
    expect(await storedInTheEnd()).toBeLessThan(1_500)
    const rest = await Array.fromAsync({ [Symbol.asyncIterator]: () => answers })
    expect(idsOf([first.value as Sent, ...rest])).toEqual(idsOf(sent))
    expect(await stored()).toBe(3_000)
  })

  test('that is cancelled is read no further', async () => {
    const cancelling = new AbortController()
    const answers = stream(people(3_000).map(of), 'rsud-daya', cancelling.signal)
    const cancelled = Array.fromAsync(answers, () => cancelling.abort())
    expect(await refusalOf(cancelled)).toMatchObject({ code: 'CANCELLED' })
    expect(await storedInTheEnd()).toBeLessThan(1_500)
  })
})
