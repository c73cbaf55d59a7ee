import { describe, expect, test } from 'vitest'
import { registered, siti } from '../testing/events.ts'
import { type Happened, idOf, noon, openLogs, readModelAfter } from '../testing/read-model.ts'
import { openQueries } from './queries.ts'

type Logs = Awaited<ReturnType<typeof openLogs>>
type Posted = { readonly employment?: 'pns' | 'cpns' | 'pppk'; readonly contractSince?: string }

const register = async ({ append }: Logs, asnId: string, posted: Posted) => {
  const [entered, posting] = registered(asnId, 'dinkes', 'bidan-terampil')
  if (!entered || !posting) throw new Error('nobody is registered')
  const events = [entered, { ...posting, unit: 'puskesmas', ...posted } as Happened] as const
  await append('enrollment', `employee/${asnId}`, ...events)
}

const learn = ({ append }: Logs, asnId: string, id: number, day: string, other: object = {}) =>
  append('enrollment', `learning/${idOf(id)}`, {
    ...{ type: 'LearningRecorded', learningId: idOf(id), asnId, form: 11, title: 'Kursus' },
    ...{ organiser: 'LAN', startsOn: day, endsOn: day, claimedJp: 8, ...other },
  } as Happened)

const queriesOf = async (logs: Logs) =>
  openQueries({ store: await readModelAfter(logs, await logs.messages()), clock: () => noon })

describe('the hours of a person', () => {
  const hoursOf = async (logs: Logs, query: object) => {
    const queries = await queriesOf(logs)
    const person = await queries.person(siti)
    if (!person) throw new Error('nobody is there')
    return queries.hoursOf(person, query)
  }

  test('are claimed and credited by year, with why they differ and what it rests on', async () => {
    const logs = await openLogs()
    await register(logs, siti, { employment: 'pns' })
    await learn(logs, siti, 31, '2025-03-04')
    await learn(logs, siti, 32, '2026-02-02', { form: 22, claimedJp: 5 })
    const { years, credits, ruleSets } = await hoursOf(logs, { year: 2026 })
    expect(years).toMatchObject([
      {
        ...{ year: 'calendar', from: '2026-01-01', employment: 'pns', claimedJp: 5, jp: 2 },
        ...{ floorJp: 20, shortJp: 18, ruleSet: 'jam-pelajaran-v1', activityIds: [idOf(32)] },
      },
    ])
    const cap = { kind: 'day-cap', on: '2026-02-02', maxJp: 2 }
    expect(credits).toMatchObject([
      { activityId: idOf(32), title: 'Kursus', claimedJp: 5, creditedJp: 2, reasons: [cap] },
    ])
    // That of the training, and that of the posting by which the floor holds.
    expect(years[0]?.restsOn).toHaveLength(2)
    expect(years[0]?.restsOn).toContain(credits[0]?.restsOn[0])
    expect(ruleSets).toMatchObject([{ kind: 'hours', id: 'jam-pelajaran-v1' }])
  })

  test('of a PPPK have a ceiling by the year of the contract', async () => {
    const logs = await openLogs()
    await register(logs, siti, { employment: 'pppk', contractSince: '2025-07-01' })
    await learn(logs, siti, 31, '2025-06-30')
    await learn(logs, siti, 32, '2026-02-02', { claimedJp: 30 })
    const { years } = await hoursOf(logs, { year: 2026 })
    expect(years.find(({ year }) => year === 'contract')).toMatchObject({
      ...{ from: '2025-07-01', until: '2026-06-30', jp: 30, ceilingJp: 24, overJp: 6 },
    })
  })

  test('are those that were known at a moment', async () => {
    const logs = await openLogs()
    await register(logs, siti, { employment: 'pns' })
    await learn(logs, siti, 31, '2025-03-04')
    const before = new Date(noon - 1).toISOString()
    expect((await hoursOf(logs, { year: 2025 })).years).toMatchObject([{ jp: 8 }])
    expect((await hoursOf(logs, { year: 2025, knownAt: before })).credits).toEqual([])
  })
})

describe('the hours of an agency’s people', () => {
  const [short, over, within, unknown] = [idOf(101), idOf(102), idOf(103), idOf(104)]
  const city = async () => {
    const logs = await openLogs()
    await register(logs, short, { employment: 'pns' })
    await register(logs, over, { employment: 'pppk', contractSince: '2025-07-01' })
    await register(logs, within, { employment: 'pns' })
    await register(logs, unknown, {})
    await learn(logs, short, 201, '2026-01-05')
    await learn(logs, over, 202, '2026-01-05', { claimedJp: 25 })
    await learn(logs, within, 203, '2026-01-05', { claimedJp: 20 })
    await learn(logs, unknown, 204, '2026-01-05')
    return queriesOf(logs)
  }
  const page = { agency: 'dinkes', limit: 50 }

  test('are of those who are short or over, or of those in another state', async () => {
    const queries = await city()
    const stateOf = async (query: object) =>
      (await queries.hours({ ...page, ...query })).people.map(
        ({ asnId, state, jp, shortJp, overJp }) => [asnId, state, jp, shortJp ?? overJp],
      )
    expect(await stateOf({})).toEqual([
      [short, 'short', 8, 12],
      [over, 'over', 25, 1],
    ])
    expect(await stateOf({ state: 'within' })).toEqual([[within, 'within', 20, 0]])
    expect(await stateOf({ state: 'unknown' })).toEqual([[unknown, 'unknown', 8, undefined]])
    expect(await stateOf({ unit: 'lain' })).toEqual([])
  })

  test('of a year that is over have all of it', async () => {
    const queries = await city()
    const { people } = await queries.hours({ ...page, year: 2025 })
    expect(people).toMatchObject([
      { asnId: short, from: '2025-01-01', jp: 0, shortJp: 20 },
      { asnId: over, from: '2025-07-01', overJp: 1 },
      { asnId: within, from: '2025-01-01', shortJp: 20 },
    ])
  })
})
