import { hash, randomUUID } from 'node:crypto'
import { BadRequestSchema } from '@jejak/proto/google/rpc/error_details'
import { RpcError } from '@jejak/rpc/error'
import { builtInRuleSets } from '@jejak/rules/built-in'
import { memoryStore } from '@jejak/storage/memory'
import { memoryProjections } from '@jejak/storage/memory-projections'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { enrollmentService } from '../service.ts'
import { namesOf, openTestbed, refusalOf, type Testbed } from '../testing/service.ts'

let bed: Testbed
beforeEach(async () => {
  bed = await openTestbed({ store: memoryStore(), projections: memoryProjections() })
})
afterEach(() => bed.close())

const hours = builtInRuleSets().find(({ set }) => set.kind === 'hours')?.content ?? ''
const next = hours
  .replace('id: jam-pelajaran-v1', 'id: jp-2027')
  .replace('2018-01-01', '2027-01-01')
  .replace('minutesPerJp: 45', 'minutesPerJp: 50')

const adopt = (content: string, requestId = randomUUID()) =>
  bed.rules('hr').adoptRuleSet({ requestId, content })

describe('the rules of the field', () => {
  test('are those that come with the program, recorded once', async () => {
    const { ruleSets } = await bed.rules('ministry').listRuleSets({})
    expect(ruleSets.map(({ ruleSetId }) => ruleSetId).toSorted()).toEqual(
      builtInRuleSets()
        .map(({ set }) => set.id)
        .toSorted(),
    )
    const head = await bed.log.head()
    await (await enrollmentService(bed.ports)).close()
    expect(await bed.log.head()).toEqual(head)
  })

  test('change by a file that is adopted: what held before holds for the days before', async () => {
    const { recorded } = await adopt(next)
    expect(namesOf(recorded)).toEqual(['RuleSetAdopted'])
    const { ruleSets } = await bed.rules('auditor').listRuleSets({ kind: 'hours' })
    expect(ruleSets).toMatchObject([
      { ruleSetId: 'jam-pelajaran-v1', inForce: true },
      { ruleSetId: 'jp-2027', inForce: false, sha256: hash('sha256', next) },
    ])
    const of = (on: string) => bed.rules('hr').getRuleSet({ kind: 'hours', on })
    expect((await of('2026-12-31')).content).toBe(hours)
    expect((await of('2027-01-01')).content).toBe(next)
    expect(await bed.rules('hr').getRuleSet({ kind: 'hours', ruleSetId: 'jp-2027' })).toMatchObject(
      {
        ruleSet: { validFrom: '2027-01-01', legalBasis: ruleSets[1]?.legalBasis },
      },
    )
    bed.time.ms = Date.parse('2027-01-01T00:00:00+08:00')
    expect((await bed.rules('hr').getRuleSet({ kind: 'hours' })).content).toBe(next)
  })

  test('are those of a moment, if it is asked for', async () => {
    const { ruleSets } = await bed.rules('hr').listRuleSets({ kind: 'hours' })
    const before = ruleSets[0]?.adoptedAt ?? ''
    bed.time.ms += 86_400_000
    await adopt(next)
    const known = (knownAt: string) =>
      bed.rules('hr').getRuleSet({ kind: 'hours', on: '2027-06-01', knownAt })
    expect(await known(before)).toMatchObject({
      content: hours,
      ruleSet: { eventId: expect.stringMatching(/./) },
    })
    expect((await known('')).content).toBe(next)
    // Of a time before the first start: what comes with the program, by no event.
    const early = await known('2020-01-01T00:00:00+08:00')
    expect(early).toMatchObject({
      content: hours,
      ruleSet: { ruleSetId: 'jam-pelajaran-v1', sha256: hash('sha256', hours), eventId: '' },
    })
    const byId = { kind: 'hours', ruleSetId: 'jp-2027', knownAt: before }
    expect(await refusalOf(bed.rules('hr').getRuleSet(byId))).toMatchObject({
      reason: 'RULE_SET_UNKNOWN',
    })
  })

  test('are adopted once under an id, whoever sends the file again', async () => {
    await adopt(next)
    expect((await adopt(next)).recorded?.entries).toEqual([])
    expect(await refusalOf(adopt(next.replace('50', '60')))).toMatchObject({
      reason: 'RULE_SET_ADOPTED',
    })
  })

  test('are refused with all that is wrong with the file, each with its line', async () => {
    const bad = next.replace('minutesPerJp: 50', 'minutesPerJp: 0').replace('id: 2,', 'id: 1,')
    const error: RpcError = await adopt(bad).then(
      () => Promise.reject(new Error('it was adopted')),
      error => error,
    )
    expect(error).toBeInstanceOf(RpcError)
    const { fieldViolations } = error.detail(BadRequestSchema) ?? { fieldViolations: [] }
    expect(fieldViolations.map(({ field, description }) => [field, description])).toEqual([
      ['content', 'line 15, rules.minutesPerJp must be 1 or more'],
    ])
  })

  test('of a day before the first are unknown', async () => {
    const early = bed.rules('hr').getRuleSet({ kind: 'hours', on: '1990-01-01' })
    expect(await refusalOf(early)).toMatchObject({ reason: 'RULE_SET_UNKNOWN' })
  })
})
