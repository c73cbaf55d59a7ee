import { draft, serialise } from '@jejak/eventsourcing/entry'
import type { Fact } from '@jejak/history/fact'
import { arbitraryEvents } from '@jejak/history/testing/arbitrary-events'
import type { Message } from '@jejak/messaging/bus'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  andi,
  assessed,
  double,
  followedBy,
  followedUpTo,
  merged,
  opened,
  openedBefore,
  program,
  published,
  readBy,
  registered,
  siti,
  trained,
} from '../testing/events.ts'
import {
  catalogues,
  dumpOf,
  idOf,
  interleaved,
  openLogs,
  readModelAfter,
} from '../testing/read-model.ts'

const time = '2026-06-01T00:00:00.000Z'

const messageOf = ({ log, position, stream, version, id, type, time, data }: Fact): Message => {
  const event = catalogues[log].encode({ type, ...data } as never, id)
  return {
    log,
    stream,
    version,
    position,
    entry: serialise(draft(event, 'test', stream), version, time),
  }
}

describe('the documents of reporting', () => {
  test('are the same whatever order the streams arrive in', async () => {
    const logs = await openLogs()
    const { append } = logs
    await append('enrollment', `program/${program}`, published)
    for (const each of [opened, openedBefore]) {
      await append('enrollment', `cohort/${each.cohortId}`, each)
    }
    for (const asnId of [siti, double, andi]) {
      await append('enrollment', `employee/${asnId}`, ...registered(asnId))
      await append('assessment', `competency/${asnId}`, assessed(asnId, idOf(41), 3))
    }
    await trained(logs, siti, idOf(51), '2026-05-15')
    await trained(logs, double, idOf(52), '2025-11-15')
    await merged(logs, double, siti)
    await append('enrollment', 'access/2026-05-20', readBy(idOf(61), siti, andi))
    await append('reporting', 'access/2026-05-20', readBy(idOf(62), siti))
    await append('assessment', 'access/2026-05-20', followedBy(idOf(63)))
    await append('assessment', 'access/2026-05-21', followedUpTo(idOf(64), idOf(63), 2))
    const messages = await logs.messages()
    const documents = await dumpOf(await readModelAfter(logs, messages))
    expect(documents).toContain(`completed/2025/${idOf(52)}`)
    expect(documents).not.toContain('parked/')
    await fc.assert(
      fc.asyncProperty(interleaved(messages), async shuffled => {
        expect(await dumpOf(await readModelAfter(logs, shuffled))).toBe(documents)
      }),
    )
  })

  test('are the same for any history', async () => {
    const logs = await openLogs()
    await fc.assert(
      fc.asyncProperty(arbitraryEvents, fc.gen(), async (facts, gen) => {
        const messages = facts.map(messageOf)
        const documents = await dumpOf(await readModelAfter(logs, messages))
        const shuffled = gen(() => interleaved(messages))
        expect(await dumpOf(await readModelAfter(logs, shuffled))).toBe(documents)
      }),
    )
  })

  test('have a fact wait whose person is not known yet', async () => {
    const logs = await openLogs()
    await trained(logs, siti, idOf(51), '2026-05-15')
    const messages = await logs.messages()
    // As of a later service that says so in a stream of its own.
    const refused = { enrollmentId: idOf(51), reason: 'penuh' }
    const place = { log: 'enrollment', version: 1, id: idOf(71), time } as const
    const about = (stream: string, position: number): Message =>
      messageOf({ ...place, stream, position, type: 'EnrollmentRefused', data: refused })
    const strayed = [about('refusal/2', 91), about('refusal/1', 90)]
    const before = await dumpOf(await readModelAfter(logs, strayed))
    expect(before).toMatch(/^\["waiting\/.*refusal\/1.*refusal\/2/)
    const documents = await dumpOf(await readModelAfter(logs, [...messages, ...strayed]))
    expect(documents).toContain(`facts/${siti}/enrollment/refusal/0000000090`)
    expect(documents).not.toContain('waiting/')
    expect(await dumpOf(await readModelAfter(logs, [...strayed, ...messages]))).toBe(documents)
  })
})
