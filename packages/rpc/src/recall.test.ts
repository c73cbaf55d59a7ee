import { randomUUID } from 'node:crypto'
import type { Principal } from '@jejak/access/principal'
import type { EventLog } from '@jejak/eventsourcing/log'
import { AssessmentService } from '@jejak/proto/jejak/assessment/v1/assessment'
import { openLog } from '@jejak/storage/log/open'
import { memoryStore } from '@jejak/storage/memory'
import { generateKey, parseSigner } from '@jejak/transparency/key'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Call } from './call.ts'
import type { ResolvedEmployee } from './directory-client.ts'
import { refusedBy, tryLater } from './error.ts'
import { openRecall } from './recall.ts'
import { type Recorded, recordedOf, writing } from './write.ts'

const method = AssessmentService.method.submitAssessment
const [siti, andi] = [randomUUID(), randomUUID()]
const rsud: Principal = { id: 'token-1', role: 'agency', agency: 'rsud-daya' }
const dinkes: Principal = { id: 'token-2', role: 'agency', agency: 'dinkes' }

type Sent = { readonly requestId: string; readonly nip: string; readonly level: number }

let log: EventLog
let recalls: number
let denials: number
let refusal: Error | undefined
/** Whose the NIP is today, by record; and their records. */
let holders: Map<string, ResolvedEmployee>

const person = (asnId: string, records = [asnId]): ResolvedEmployee => {
  const posted = { agency: 'rsud-daya', position: 'perawat', status: 'active' } as const
  return { asnId, records, ...posted }
}

/** Records a level of whoever has the NIP, as long as nothing refuses it. */
const recording = () => {
  const contentOf = ({ level }: Sent, asnId: string) => Buffer.from(`${asnId} ${level}`)
  const { retrying } = openRecall({
    log: {
      recall: asked => {
        recalls++
        return log.recall(asked)
      },
    },
    employees: {
      byNip: async nips => nips.map(nip => holders.get(nip)),
      resolve: async ids =>
        ids.map(id => [...holders.values()].find(({ records }) => records.includes(id))),
    },
  })
  const call = (principal: Principal) =>
    ({ principal, correlationId: 'test', refused: () => denials++ }) as unknown as Call
  const record = retrying<Sent, Recorded>(
    {
      method,
      content: (sent, { record }) => (record === undefined ? undefined : contentOf(sent, record)),
      person: ({ nip }) => ({ asnId: '', nip }),
      answer: recorded => recorded,
    },
    async (sent, of) => {
      if (refusal) {
        of.refused?.()
        throw refusal
      }
      const asnId = holders.get(sent.nip)?.asnId ?? ''
      const { attributes, request } = writing(of, method, sent.requestId, contentOf(sent, asnId))
      const type = 'jejak.assessment.Tested.v1'
      const event = { id: randomUUID(), type, data: { asnId }, attributes }
      const stored = await log.append({
        stream: `competency/${asnId}`,
        expected: 'any',
        events: [event],
        request,
      })
      if ('refused' in stored) throw refusedBy('REQUEST_ID_REUSED')
      return recordedOf({ appended: stored })
    },
  )
  return (sent: Sent, principal = rsud) => record(sent, call(principal))
}

let send: ReturnType<typeof recording>
let sent: Sent
let first: Recorded

beforeEach(async () => {
  const origin = 'jejak.example/assessment'
  const signer = parseSigner(generateKey(origin))
  log = await openLog({ store: memoryStore(), origin, signer, check: () => [] })
  holders = new Map([['nip of siti', person(siti)]])
  refusal = undefined
  send = recording()
  sent = { requestId: randomUUID(), nip: 'nip of siti', level: 3 }
  first = await send(sent)
  recalls = denials = 0
})
afterEach(() => log.close())

describe('what a caller has stored', () => {
  test('is not looked for where the call goes through', async () => {
    expect(await send(sent)).toMatchObject({ entries: first.entries, repeated: true })
    await send({ ...sent, requestId: randomUUID() })
    expect(recalls).toBe(0)
  })

  test('is found if the call is refused today, and no refusal is counted', async () => {
    refusal = refusedBy({ key: 'NO_RIGHT', values: { action: 'a', role: 'agency' } })
    expect(await send(sent)).toMatchObject({ entries: first.entries, repeated: true })
    expect(denials).toBe(0)
  })

  test('is found under another record of the person', async () => {
    holders.set('nip of siti', person(andi, [andi, siti]))
    expect(await send(sent)).toMatchObject({ entries: first.entries, repeated: true })
  })

  test('is found once the NIP is forgotten, because the person is erased', async () => {
    holders = new Map([['', { ...person(siti), status: 'erased' }]])
    refusal = refusedBy({ key: 'EMPLOYEE_UNKNOWN', values: 'nip' })
    expect(await send(sent)).toMatchObject({ entries: first.entries, repeated: true })
  })

  test('is not what another person, content, request or caller is answered with', async () => {
    holders.set('nip of andi', person(andi))
    refusal = refusedBy('EMPLOYEE_ERASED')
    const others = [
      { ...sent, nip: 'nip of andi' },
      { ...sent, nip: 'nip of nobody' },
      { ...sent, level: 4 },
      { ...sent, requestId: randomUUID() },
      { ...sent, requestId: 'no UUID' },
    ]
    for (const other of others) await expect(send(other)).rejects.toBe(refusal)
    await expect(send(sent, dinkes)).rejects.toBe(refusal)
    expect(denials).toBe(others.length + 1)
  })

  test('is no answer to a call that is to be tried again', async () => {
    refusal = tryLater({ en: 'away', id: 'tidak ada' }, 1_000)
    await expect(send(sent)).rejects.toBe(refusal)
    expect(recalls).toBe(0)
  })
})
