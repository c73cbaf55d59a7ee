import { type IpAsnInputs, ipAsnDimensions, ipAsnOf } from '@jejak/competency/figures/ip-asn'
import { describe, expect, test } from 'vitest'
import { ruleSetsOf } from './rule-sets.ts'
import { type GoldenRow, goldenSections } from './testing/golden.ts'

const sets = ruleSetsOf([]).all('ip-asn')
const [
  {
    tables: [rows = []],
  } = { tables: [] },
] = goldenSections('ip-asn')

/** `?` is not known, and `-` is none. */
const listed = <Each>(text: string | undefined, read: (each: string) => Each) =>
  text === '?' ? undefined : text === '-' ? [] : text?.split(' ').map(read)

const at = (text: string): [what: string, on: string] => {
  const [what = '', on = ''] = text.split('@')
  return [what, on]
}

const performanceOf = (text = '') =>
  text === '-' ? null : Number.isNaN(Number(text)) ? { predicate: text } : { value: Number(text) }

const inputsOf = (row: GoldenRow): IpAsnInputs => {
  const inputs = {
    office: row['office'] === '?' ? undefined : row['office'],
    education: row['education'] === '?' ? undefined : row['education'],
    leadershipTraining: listed(row['leaders'], each => ({ code: at(each)[0], on: at(each)[1] })),
    functionalTraining: listed(row['functional'], each => ({
      matchesOffice: at(each)[0] === 'yes',
      on: at(each)[1],
    })),
    technicalTraining: listed(row['technical'], each => ({
      jp: Number(at(each)[0]),
      on: at(each)[1],
    })),
    seminars: listed(row['seminars'], on => ({ on })),
    performance: row['performance'] === '?' ? undefined : performanceOf(row['performance']),
    punishments: listed(row['punished'], each => ({ level: at(each)[0], on: at(each)[1] })),
  }
  const known = Object.entries(inputs).filter(([, input]) => input !== undefined)
  return Object.fromEntries(known) as IpAsnInputs
}

describe.each(sets)('the index of professionality by $id', set => {
  test.each(rows)('$case: $arithmetic', row => {
    const { scores, total, category } = ipAsnOf(inputsOf(row), set.rules, '2026-12-31')
    const shown = (score: number | undefined) => (score === undefined ? '?' : String(score))
    const [Q, K, P, D] = ipAsnDimensions.map(dimension => shown(scores[dimension]))
    expect({ Q, K, P, D, total: shown(total), category: category ?? '?' }).toEqual(
      Object.fromEntries(
        ['Q', 'K', 'P', 'D', 'total', 'category'].map(column => [column, row[column]]),
      ),
    )
  })
})
