import { describe, expect, test } from 'vitest'
import {
  agencyOn,
  builtInAgencies,
  codesOfAgency,
  isAgencyOn,
  type RegisteredAgency,
} from './agency-register.ts'

const titles = [{ title: 'Dinas', since: '2020-01-01' }] as const
const register = new Map<string, RegisteredAgency>([
  ['first', { code: 'first', titles, closed: { since: '2026-01-01', successor: 'second' } }],
  ['second', { code: 'second', titles, closed: { since: '2026-06-01', successor: 'third' } }],
  ['third', { code: 'third', titles }],
  ['ended', { code: 'ended', titles, closed: { since: '2026-01-01' } }],
  ['one', { code: 'one', titles, closed: { since: '2026-01-01', successor: 'other' } }],
  ['other', { code: 'other', titles, closed: { since: '2026-01-01', successor: 'one' } }],
])

describe('an agency on a day', () => {
  test.each([
    ['is itself before it was merged', 'first', '2025-12-31', 'first'],
    ['is its successor from the day of the merge on', 'first', '2026-01-01', 'second'],
    ["is its successor's successor in time", 'first', '2026-06-01', 'third'],
    ['is itself if it was closed without a successor', 'ended', '2026-06-01', 'ended'],
    ['is itself if nobody has registered it', 'unknown', '2026-06-01', 'unknown'],
    ['is itself if two were merged into each other', 'one', '2026-06-01', 'one'],
  ])('%s', (_, code, day, expected) => {
    expect(agencyOn(register, code, day)).toBe(expected)
  })

  test('has the codes of all that were merged into it by then', () => {
    expect(codesOfAgency(register, 'third', '2026-05-31')).toEqual(['third'])
    expect(codesOfAgency(register, 'third', '2026-06-01')).toEqual(['third', 'first', 'second'])
    expect(codesOfAgency(register, 'unknown', '2026-06-01')).toEqual(['unknown'])
  })

  test('is one from its first day until it is closed', () => {
    const first = register.get('first') as RegisteredAgency
    const days = ['2019-12-31', '2020-01-01', '2025-12-31', '2026-01-01']
    expect(days.map(day => isAgencyOn(first, day))).toEqual([false, true, true, false])
    expect([...builtInAgencies.values()].every(agency => isAgencyOn(agency, '1975-01-01'))).toBe(
      true,
    )
  })
})
