import { type Activity, creditsOf, type Employment } from '@jejak/competency/figures/hours'
import { type Employed, hoursByYear } from '@jejak/competency/figures/hours-by-year'
import { describe, expect, test } from 'vitest'
import { ruleSetsOf } from './rule-sets.ts'
import { type GoldenRow, type GoldenSection, goldenSections } from './testing/golden.ts'

const sets = ruleSetsOf([]).all('hours')

const activityOf = (row: GoldenRow): Activity => {
  const { activity = '', form = '', days = '', logged = '', claimed = '' } = row
  const [, startsOn = '', endsOn = startsOn, revokedOn] =
    /^([\d-]+)(?:\.\.([\d-]+))?(?:, revoked ([\d-]+))?$/.exec(days) ?? []
  const sessions = [...logged.matchAll(/([\d-]+) (\d+)m/g)].map(([, on = '', minutes]) => ({
    on,
    minutes: Number(minutes),
  }))
  return {
    activityId: activity,
    form: Number.parseInt(form, 10),
    startsOn,
    endsOn,
    ...(form.endsWith('abroad') && { abroad: true }),
    ...(sessions.length > 0 ? { sessions } : claimed !== 'none' && { claimedJp: Number(claimed) }),
    ...(revokedOn && { revokedOn }),
  }
}

const employedOf = (text = ''): readonly Employed[] =>
  text.split('; ').map(each => {
    const [employment, since = '', , contractSince] = each.split(' ')
    return {
      employment: employment as Employment,
      since,
      ...(contractSince && { contractSince }),
    }
  })

const cell = (number: number | undefined) => (number === undefined ? '' : String(number))

const reckoned = ({ values, tables: [activities = []] }: GoldenSection) => {
  const asOf = values['As of'] ?? ''
  const credits = creditsOf(activities.map(activityOf), sets, asOf)
  const years = hoursByYear(credits, employedOf(values['Employed']), sets, asOf)
  return { credits, years }
}

describe.each(goldenSections('hours').slice(1))('$title', section => {
  const [activities = [], years = []] = section.tables

  test('credits each activity as reckoned by hand', () => {
    const { credits } = reckoned(section)
    expect(
      credits.map(({ activityId, claimedJp, creditedJp }) => [activityId, claimedJp, creditedJp]),
    ).toEqual(
      activities.map(({ activity, claimed, credited }) => [
        activity,
        claimed === 'none' ? 0 : Number(claimed),
        Number(credited),
      ]),
    )
  })

  test('gives a reason wherever other hours are credited than were claimed', () => {
    const { credits } = reckoned(section)
    for (const { claimedJp, creditedJp, reasons } of credits) {
      if (claimedJp !== creditedJp) expect(reasons).not.toEqual([])
    }
  })

  test('sums each year as reckoned by hand', () => {
    const columns = [
      'year',
      'from',
      'until',
      'employment',
      'JP',
      'floor',
      'short',
      'ceiling',
      'over',
    ]
    expect(
      reckoned(section).years.map(at => [
        ...[at.year, at.from, at.until, at.employment ?? ''],
        ...[at.jp, at.floorJp, at.shortJp, at.ceilingJp, at.overJp].map(cell),
      ]),
    ).toEqual(years.map(row => columns.map(column => row[column])))
  })
})
