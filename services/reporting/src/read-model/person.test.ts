import { hash } from 'node:crypto'
import { idempotentConsumer } from '@jejak/consumer/consumer'
import type { Message } from '@jejak/messaging/bus'
import { builtInOf } from '@jejak/rules/built-in'
import { memoryProjections } from '@jejak/storage/memory-projections'
import { beforeEach, describe, expect, test } from 'vitest'
import {
  andi,
  assessed,
  certificateOf,
  cohort,
  program,
  published,
  registered,
  siti,
  trained,
} from '../testing/events.ts'
import { firstModel, idOf, type Logs, noon, openLogs } from '../testing/read-model.ts'
import { projector } from './projector.ts'
import { openQueries } from './queries.ts'

const [content = ''] = builtInOf('level-policy').map(file => file.content)
const adopted = {
  type: 'RuleSetAdopted',
  ...{ kind: 'level-policy', ruleSetId: 'dari-luar', validFrom: '2018-01-01', content },
  ...{ legalBasis: 'Perwali', certainty: 'seen' as const, sha256: hash('sha256', content) },
} as const
const enrollmentId = idOf(51)
const certificateId = certificateOf(enrollmentId)

describe('where an event can not be read', () => {
  let logs: Logs
  beforeEach(async () => {
    logs = await openLogs()
    await logs.append('enrollment', `program/${program}`, published)
    for (const asnId of [siti, andi]) {
      await logs.append('enrollment', `employee/${asnId}`, ...registered(asnId))
      await logs.append('assessment', `competency/${asnId}`, assessed(asnId, idOf(41), 3))
    }
    await trained(logs, siti, enrollmentId, '2026-05-15')
    const revocation = { type: 'CertificateRevoked', certificateId, reason: 'keliru' } as const
    await logs.append('certification', `certificate/${certificateId}`, revocation)
  })

  const hear = async (poisoned: Partial<Message>) => {
    const store = memoryProjections()
    const { history, messages } = logs
    const listening = idempotentConsumer({
      name: firstModel,
      store,
      history,
      cursorPer: 'stream',
      projector,
    })
    const isPoisoned = ({ stream, version }: Message) =>
      stream === poisoned.stream && version === poisoned.version
    const arrived = (await messages()).map(message =>
      isPoisoned(message) ? { ...message, entry: Buffer.from('no JSON') } : message,
    )
    await listening.handle(arrived)
    return { ...listening, ...openQueries({ store, clock: () => noon }) }
  }

  test.each([
    ['enrollment', `employee/${siti}`, 1],
    ['enrollment', `employee/${siti}`, 2],
    ['assessment', `competency/${siti}`, 1],
    ['enrollment', `enrollment/${enrollmentId}`, 3],
    // The seat, which is another stream, says whose enrollment it is.
    ['enrollment', `enrollment/${enrollmentId}`, 1],
    ['certification', `certificate/${certificateId}`, 2],
    ['enrollment', `cohort/${cohort}`, 1],
    ['enrollment', `program/${program}`, 1],
  ])(
    'in %s %s at version %i, its people are incomplete, and others are not',
    async (log, stream, version) => {
      const { person, retry } = await hear({ stream, version })
      const before = await person(siti)
      expect(before?.incomplete).toEqual([{ log, stream, since: version }])
      const whole = await person(andi)
      expect(whole?.incomplete).toEqual([])
      expect(whole?.facts).toHaveLength(3)
      expect(await retry(log, stream)).toBe(true)
      const after = await person(siti)
      expect(after?.incomplete).toEqual([])
      expect(after?.facts).toHaveLength(10)
      expect(after?.reference.programs.size).toBe(1)
    },
  )

  test('in the rules, everybody is incomplete, and an id that nobody has is unknown', async () => {
    const stream = 'rule-set/level-policy'
    await logs.append('enrollment', stream, adopted)
    const { person, retry } = await hear({ stream, version: 1 })
    const missing = { log: 'enrollment', stream, since: 1 }
    for (const id of [siti, andi]) expect((await person(id))?.incomplete).toEqual([missing])
    expect(await person(idOf(99))).toBeUndefined()
    expect(await retry('enrollment', stream)).toBe(true)
    expect((await person(andi))?.reference.ruleSets).toMatchObject([{ content: adopted.content }])
    expect((await person(andi))?.incomplete).toEqual([])
  })

  test('the gaps of an agency count the people of whom events are missing', async () => {
    const { gaps, retry } = await hear({ stream: `competency/${siti}`, version: 1 })
    expect(await gaps({ agency: 'rsud-daya' })).toMatchObject({ people: 2, incomplete: 1 })
    await retry('assessment', `competency/${siti}`)
    expect(await gaps({ agency: 'rsud-daya' })).toMatchObject({ people: 2, incomplete: 0 })
  })

  test('what lacks a field that it is filed under is such an event', async () => {
    const lacking = { type: 'EmployeePosted', asnId: andi, position: 'x', since: '2026-01-01' }
    await logs.append('enrollment', `employee/${andi}`, lacking as never)
    const { person } = await hear({})
    const since = 3
    expect((await person(andi))?.incomplete).toMatchObject([{ stream: `employee/${andi}`, since }])
  })
})
