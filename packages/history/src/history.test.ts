import { addMonths } from '@jejak/competency/calendar'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Fact } from './fact.ts'
import { arbitraryEvents, duplicate } from './testing/arbitrary-events.ts'
import { historyIn, siti } from './testing/events.ts'

const days = fc.nat(48).map(months => addMonths('2023-06-30', months))

const of = [siti, duplicate]

const until = (facts: readonly Fact[], day: string): readonly Fact[] =>
  facts.filter(({ time }) => time.slice(0, 10) <= day)
describe('any history', () => {
  test('does not depend on the order in which its facts are given', () => {
    const shuffled = arbitraryEvents.chain(facts =>
      fc.tuple(fc.constant(facts), fc.shuffledSubarray(facts, { minLength: facts.length })),
    )
    fc.assert(
      fc.property(shuffled, days, days, ([facts, other], asOf, known) => {
        const asked = { of, asOf, known }
        expect(historyIn(other, asked)).toEqual(historyIn(facts, asked))
      }),
    )
  })

  test('is the same asked for today and for ever, and asked for nothing', () => {
    fc.assert(
      fc.property(arbitraryEvents, facts => {
        const asked = { of, asOf: '2026-12-31', known: '9999-12-31' }
        const { knownAt: _, ...all } = historyIn(facts, asked)
        expect(historyIn(facts, { of })).toMatchObject(all)
      }),
    )
  })

  test('uses only what was known then', () => {
    fc.assert(
      fc.property(arbitraryEvents, days, days, (facts, asOf, known) => {
        const then = until(facts, known)
        const history = historyIn(facts, { of, asOf, known })
        expect(historyIn(then, { of, asOf, known })).toEqual(history)
        const text = JSON.stringify(history)
        for (const fact of facts) if (!then.includes(fact)) expect(text).not.toContain(fact.id)
      }),
    )
  })

  test('says nothing that no event stands behind', () => {
    fc.assert(
      fc.property(arbitraryEvents, days, days, (facts, asOf, known) => {
        const { lines, levels, enrollments, certificates } = historyIn(facts, { of, asOf, known })
        const ids = new Set(until(facts, known).map(({ id }) => id))
        for (const { fact, by = fact.id } of lines) {
          expect(facts).toContain(fact)
          expect(ids).toContain(by)
        }
        const shown = (field: string, states: readonly string[]) =>
          lines.filter(({ state }) => states.includes(state)).map(({ fact }) => fact.data[field])
        const used = levels.flatMap(({ assessmentIds }) => assessmentIds)
        for (const id of used) expect(shown('assessmentId', ['counts', 'contested'])).toContain(id)
        const any = ['counts', 'over', 'revoked', 'expired']
        for (const each of enrollments)
          expect(shown('enrollmentId', any)).toContain(each.enrollmentId)
        for (const each of certificates) {
          expect(shown('certificateId', any)).toContain(each.certificateId)
        }
      }),
    )
  })

  test('has each of its facts once, none from behind the day, and all of them in the end', () => {
    fc.assert(
      fc.property(arbitraryEvents, days, (facts, asOf) => {
        const { lines } = historyIn(facts, { of, asOf })
        expect(new Set(lines.map(({ fact }) => fact)).size).toBe(lines.length)
        const claimed = lines.filter(({ fact }) => 'occurredOn' in fact.data)
        for (const { occurredOn } of claimed) expect(occurredOn <= asOf).toBe(true)
        if (!facts.some(({ type }) => type === 'EmployeeMerged')) return
        const all = historyIn(facts, { of, asOf: '2099-12-31' }).lines.map(({ fact }) => fact)
        const assessed = new Set(facts.map(({ data }) => data['level'] && data['assessmentId']))
        const loose = ({ data }: Fact) => data['contestId'] && !assessed.has(data['assessmentId'])
        expect(new Set(all)).toEqual(new Set(facts.filter(fact => !loose(fact))))
      }),
    )
  })

  test('has levels as if what was corrected, or contested with success, had never been', () => {
    fc.assert(
      fc.property(arbitraryEvents, days, days, (facts, asOf, day) => {
        const end = { of, asOf: '2099-12-31' }
        const known = historyIn(until(facts, day), end).lines.map(({ fact }) => fact)
        const contested = new Set(
          known.map(({ type, data }) => type === 'AssessmentContested' && data['contestId']),
        )
        const ruled = new Set(
          known.map(({ data }) =>
            data['upheld'] && contested.has(data['contestId'] as string)
              ? data['assessmentId']
              : data['supersedes'],
          ),
        )
        const sound = known.filter(
          ({ data }) => !ruled.has(data['level'] ? data['assessmentId'] : 0),
        )
        expect(historyIn(sound, { of, asOf }).levels).toEqual(historyIn(known, { of, asOf }).levels)
      }),
    )
  })

  test('shows where one of its events was left out', () => {
    fc.assert(
      fc.property(arbitraryEvents, fc.nat(), (facts, pick) => {
        const streams = (some: readonly Fact[]) => historyIn(some, { of }).streams
        expect(streams(facts).filter(({ dense }) => !dense)).toEqual([])
        const within = facts.filter(
          ({ type, stream, version }) =>
            type !== 'EmployeeMerged' &&
            streams(facts).some(whole => whole.stream === stream && version < whole.versions),
        )
        const left = within[pick % within.length]
        const some = streams(facts.filter(fact => fact !== left))
        expect(some.filter(({ dense }) => !dense).map(({ stream }) => stream)).toEqual(
          left ? [left.stream] : [],
        )
      }),
    )
  })
})
