import { isDeepStrictEqual } from 'node:util'
import { idempotentConsumer } from '@jejak/consumer/consumer'
import { provenHistory, readHeads, unverifiedHeads } from '@jejak/consumer/verified'
import { decode } from '@jejak/eventsourcing/entry'
import { foundations } from '@jejak/history/rests-on'
import type { Message } from '@jejak/messaging/bus'
import { openLog, type ProvenLog } from '@jejak/storage/log/open'
import { memoryStore } from '@jejak/storage/memory'
import { memoryProjections } from '@jejak/storage/memory-projections'
import { generateKey, parseSigner } from '@jejak/transparency/key'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openCertificates } from './certificates.ts'
import { type OnStep, processManager } from './manager.ts'
import { certificateIdOf } from './number.ts'
import { certificationProjector } from './projector.ts'
import { projectionName } from './read-model.ts'
import {
  appendAll,
  assessmentId,
  completed,
  duplicate,
  enrollmentId,
  siti,
  today,
  training,
} from './testing/training.ts'

const memoryLog = (service: string): Promise<ProvenLog> => {
  const origin = `jejak.example/${service}`
  return openLog({ store: memoryStore(), origin, signer: parseSigner(generateKey(origin)) })
}

const publishers = new Map([
  ['enrollment', await memoryLog('enrollment')],
  ['assessment', await memoryLog('assessment')],
])
const messages: Message[] = []
for (const [name, log] of publishers) {
  await appendAll(log, training[name as keyof typeof training])
  for await (const { position, entries } of log.read(0)) {
    for (const [at, entry] of entries.entries()) {
      const { subject: stream, streamversion: version } = decode(entry)
      messages.push({ log: name, stream, version, position: position + at, entry })
    }
  }
}

const open = async (onStep?: OnStep, failed?: (error: unknown) => void) => {
  const store = memoryProjections()
  const log = await memoryLog('certification')
  const history: Parameters<typeof idempotentConsumer>[0]['history'] = async (name, query) => {
    const [page] = (await publishers.get(name)?.readStreams([query])) ?? []
    return page ?? { events: [], end: true }
  }
  const certifier = processManager({
    certificates: openCertificates(log),
    store,
    history,
    proven: provenHistory(publishers),
    heads: () => readHeads(publishers, foundations),
    unverified: () => unverifiedHeads(publishers, [...publishers.keys()]),
    clock: today,
    onStep,
    failed,
  })
  const documents = async () => {
    const all: Record<string, unknown> = {}
    for await (const [key, document] of store.dump(projectionName)) all[key] = document
    return all
  }
  const issued = async () => {
    const found: unknown[] = []
    for await (const { entries } of log.read(0)) {
      found.push(...entries.map(entry => decode(entry).data))
    }
    return found
  }
  return {
    ...certifier,
    log,
    apply: idempotentConsumer({
      name: projectionName,
      store,
      history,
      cursorPer: 'stream',
      projector: certificationProjector,
    }).handle,
    documents,
    issued,
  }
}

describe('what certification consumes', () => {
  test('leads to one certificate, in whatever order the streams arrive', async () => {
    const canonical = await open()
    await canonical.apply(messages)
    expect(await canonical.settle()).toBe(true)
    const [documents, issued] = [await canonical.documents(), await canonical.issued()]
    expect(issued).toMatchObject([
      {
        certificateId: certificateIdOf(enrollmentId),
        attainments: [
          { competency: 'integritas', level: 3, assessmentIds: [assessmentId('2')] },
          { competency: 'kerja-sama', level: 2, assessmentIds: [assessmentId('5')] },
          { competency: 'komunikasi', level: 2, assessmentIds: [assessmentId('6')] },
        ],
      },
    ])
    expect(Object.keys(documents).filter(key => key.startsWith('todo/'))).toEqual([])

    const streams = messages.map(({ stream }) => stream)
    const whole = { minLength: streams.length, maxLength: streams.length }
    const settles = fc.array(fc.boolean(), whole)
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(streams, whole), settles, async (order, settle) => {
        const shuffled = await open()
        const queues = Map.groupBy(messages, ({ stream }) => stream)
        const next = new Map([...queues].map(([stream, queue]) => [stream, queue.values()]))
        for (const [at, stream] of order.entries()) {
          await shuffled.apply([...(next.get(stream)?.take(1) ?? [])])
          if (settle[at]) await shuffled.settle()
        }
        await shuffled.settle()
        expect(await shuffled.documents()).toEqual(documents)
        expect(await shuffled.issued()).toEqual(issued)
      }),
    )
  })

  test('is a todo for a completed enrollment, and none for another', async () => {
    const { apply, documents } = await open()
    const keys = async () => Object.keys(await documents()).filter(key => key.startsWith('todo/'))
    const isCompletion = ({ entry }: Message) => decode(entry).type.includes(completed.type)
    await apply(messages.filter(message => !isCompletion(message)))
    expect(await keys()).toEqual([])
    await apply(messages.filter(isCompletion))
    expect(await keys()).toEqual([`todo/${enrollmentId}`])
  })

  test('makes no todo any more once there is a certificate', async () => {
    const { apply, settle, documents, issued } = await open()
    const late = messages.filter(({ stream }) => stream === `competency/${siti}`).at(-1) as Message
    await apply(messages.filter(message => message !== late))
    await settle()
    expect(await issued()).toHaveLength(1)
    const before = await documents()
    await apply([late])
    const changed = Object.entries(await documents()).filter(
      ([key, document]) => !isDeepStrictEqual(document, before[key]),
    )
    expect(changed).toEqual([])
  })

  test('is not forgotten while a todo is being performed', async () => {
    const late = messages.filter(({ stream }) => stream === `employee/${duplicate}`)
    const { apply, settle, issued } = await open(async step => {
      if (step === 'read') await apply(late)
    })
    await apply(messages.filter(message => !late.includes(message)))
    await settle()
    expect(await issued()).toEqual([])
    await settle()
    expect(await issued()).toHaveLength(1)
  })

  test('stays a todo if the log refuses to append, which is reported', async () => {
    const failures: unknown[] = []
    const { apply, settle, log, documents } = await open(undefined, error => failures.push(error))
    await apply(messages)
    await log.close()
    expect(await settle()).toBe(false)
    expect(String(failures)).toContain('was not issued: {"refused":"Closed"')
    expect(Object.keys(await documents())).toContain(`todo/${enrollmentId}`)
  })
})
