import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { dayOf } from '@jejak/competency/calendar'
import { catalogues } from '@jejak/events/check'
import { type PersonalDataRead, unpackedIds } from '@jejak/events/read-audit'
import { decode } from '@jejak/eventsourcing/entry'
import { siasnKursus } from '@jejak/export/siasn-kursus'
import { CertificateStatus } from '@jejak/proto/jejak/certification/v1/certificate'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { personReport, readsReport } from '../commands/audit.ts'
import { askingReports } from '../terminal/connection.ts'
import { makeExport } from '../terminal/export-fetch.ts'
import { ExpectedReads, lineText, readFaults } from './expected-reads.ts'
import { isAlone, type Step, someSteps } from './game-steps.ts'
import { type Caller, type Installation, services } from './installation.ts'
import { endedOn, jp, PersonGame } from './person-game.ts'
import { hoursIn, type ModelPerson, seatsIn } from './person-model.ts'

/** How many histories are played, how many of them at the same time, and how long each is. */
export type Histories = {
  readonly seed: number
  readonly count: number
  readonly together: number
  readonly stepsMax: number
}

/** As the variables HISTORIES and SEED say; by default a few, others each time. */
const givenHistories = (few: Omit<Histories, 'seed'>): Histories => {
  const { SEED: seed = Date.now() % 2 ** 31, HISTORIES: count } = process.env
  const many = count === undefined ? few : { ...few, count: Number(count), stepsMax: 70 }
  return { ...many, seed: Number(seed) }
}

/** What was played, and what it has to come to. */
type Played = {
  readonly games: readonly PersonGame[]
  readonly expected: ExpectedReads
}

/** Plays random histories. A failure says what was played, and how to play it again. */
const playHistories = async (
  installation: Installation,
  { seed, count, together, stepsMax }: Histories,
): Promise<Played> => {
  const expected = new ExpectedReads()
  const histories = fc
    .sample(someSteps, { seed, numRuns: count })
    .map(steps => steps.slice(0, stepsMax))
  const games: PersonGame[] = []
  for (let first = 0; first < count; first += together) {
    const group = histories.slice(first, first + together)
    // Of its own: a reading of a log begins where the group does, and names nobody of before.
    const own = group.map(() => new PersonGame(installation, expected))
    const again = `SEED=${seed} HISTORIES=${count} plays it again`
    await playGroup(installation, own, group).catch(cause => {
      throw new Error(`${again}: ${cause.message}`, { cause })
    })
    games.push(...own)
    expected.forgetNames()
  }
  return { games, expected }
}

/** Step by step, each step of all of them at once. */
const playGroup = async (
  { settled }: Installation,
  games: readonly PersonGame[],
  histories: readonly (readonly Step[])[],
) => {
  // Each reads logs from where it began: nobody of another game may be named there before.
  for (const game of games) await game.begin()
  for (const game of games) await game.enterPeople()
  await settled()
  const last = Math.max(...histories.map(({ length }) => length))
  for (let at = 0; at < last; at++) {
    const next = games.flatMap((game, i) => {
      const step = histories[i]?.[at]
      return step ? [{ step, play: () => playing(game, histories[i] ?? [], at) }] : []
    })
    const [quiet = [], others = []] = [
      next.filter(({ step }) => isAlone(step)),
      next.filter(({ step }) => !isAlone(step)),
    ]
    await Promise.all(others.map(({ play }) => play()))
    await settled() // A certificate comes when it is due, and not after a merge.
    for (const { play } of quiet) await play()
  }
}

const playing = (game: PersonGame, steps: readonly Step[], at: number): Promise<void> =>
  game.play(steps[at] as Step).catch(cause => {
    const played = steps.slice(0, at + 1).map(step => JSON.stringify(step))
    throw new Error(`${cause.message}\nsteps, of which the last failed:\n${played.join('\n')}`, {
      cause,
    })
  })

/** Seats and certificates as the services have them, and who asks who has read whom. */
const checkServices = async (installation: Installation, { games }: Played) => {
  for (const game of games) {
    const { programs, certificates } = installation.as(game.reads.hr)
    for (const cohortId of game.cohorts) {
      const { cohort } = await programs.getCohort({ cohortId })
      expect(cohort?.seatsTaken).toBe(seatsIn(game.people, cohortId))
    }
    for (const person of game.people) {
      for (const asnId of person.records) {
        const listed: string[] = []
        await game.reads.ofCertificates(game.reads.hr, asnId, async () => {
          const found = (await certificates.listCertificates({ asnId })).certificates
          for (const { status, enrollmentId } of found) {
            if (status === CertificateStatus.VALID) listed.push(enrollmentId)
          }
          return found.map(each => each.asnId)
        })
        const cohorts = person.enrollments.filter(({ id }) => listed.includes(id))
        expect(new Set(cohorts.map(({ cohort }) => cohort))).toEqual(person.certified)
      }
    }
  }
}

/** The export for the ministry, as `jejak export` makes it. */
const checkExport = async (installation: Installation, { games, expected }: Played) => {
  await installation.settled()
  const ministry = await installation.issue({ role: 'ministry' })
  const out = join(installation.folder, 'kursus')
  const ask = askingReports(installation.http, ministry.token)
  const year = Number(endedOn.slice(0, 4))
  const from = installation.now()
  const { exportId } = await makeExport(ask, siasnKursus, { format: 'csv', year }, out)
  const [, ...rows] = readFileSync(join(out, 'siasn-kursus.csv'), 'utf8').trim().split('\r\n')
  const people = peopleOf(games).filter(({ erased }) => !erased)
  expect(rows).toHaveLength(people.reduce((sum, { certified }) => sum + certified.size, 0))
  expected.people({
    ...{ service: 'reporting', fields: [...siasnKursus.personalData], reader: ministry },
    ...{ purpose: `export ${exportId}`, from, to: installation.now() },
    records: people.flatMap(({ certified, records }) =>
      certified.size > 0 ? records.slice(0, 1) : [],
    ),
  })
}

/** What an auditor finds in exported logs: histories, and who has read whom. */
const checkAudits = async (installation: Installation, played: Played) => {
  const people = peopleOf(played.games)
  const from = await installation.exportLogs()
  for (const person of people) {
    for (const asnId of person.records) {
      const { findings, history } = await personReport(asnId, { from })
      expect(findings).toEqual([])
      expect(new Set(history.records)).toEqual(new Set(person.records))
      expect(history.erased).toBe(person.erased)
      expect(history.hours.reduce((sum, { jp }) => sum + jp, 0)).toBe(hoursIn(person, jp))
    }
  }
  await checkReadAudit(from, played)
  const [game] = played.games
  if (game) await checkReadAudit(from, played, game.reads.hr)
}

/** `jejak audit reads`, of everybody or of one reader. */
const checkReadAudit = async (
  folders: readonly string[],
  { games, expected }: Played,
  who?: Caller,
) => {
  const days = { from: '2000-01-01', to: dayOf(Date.now()) }
  const report = await readsReport(folders, { ...days, ...(who && { who: who.id }) })
  expect(report.findings).toEqual([])
  const found = new Map(report.people.map(person => [person.asnId, person]))
  for (const person of peopleOf(games)) {
    const lines = [...expected.linesOf(person.records)].filter(
      ([line]) => !who || line.includes(who.id),
    )
    const asnId = person.records[0] as string
    const { reads = [], records = [], erased } = found.get(asnId) ?? {}
    found.delete(asnId)
    const texts = reads.map(({ entries, service, ...read }) =>
      lineText({ ...read, service, ...entries }),
    )
    expect(readFaults(new Map(lines), texts).join('\n')).toBe('')
    if (lines.length === 0) continue
    expect(new Set(records)).toEqual(new Set(person.records))
    expect(erased).toBe(person.erased)
  }
  expect([...found.keys()]).toEqual([]) // Nobody else was read.
}

/** Whoever reads the same again within the hour is not written down again. */
const checkSparing = async (installation: Installation) => {
  const auditor = await installation.issue({ role: 'auditor' })
  const { history } = installation.as(auditor)
  const seen = new Set<string>()
  for (const log of services) {
    const lift = catalogues.find(({ publisher }) => publisher === log)?.lift
    for await (const { entries } of history.readLog({ log })) {
      for (const bytes of entries) {
        const entry = decode(bytes)
        if (!/\.PersonalDataRead\./.test(entry.type)) continue
        const { people, ...read } = (lift?.(entry) ?? {}) as unknown as PersonalDataRead
        for (const record of unpackedIds(people)) {
          const line = `${record} ${lineText({ ...read, service: log })}`
          expect(seen).not.toContain(line)
          seen.add(line)
        }
      }
    }
  }
}

const peopleOf = (games: readonly PersonGame[]): readonly ModelPerson[] =>
  games.flatMap(({ people }) => people)

/** Plays histories on an installation, and compares all that it says with the model. */
export const testHistories = (
  open: () => Promise<Installation>,
  histories: Omit<Histories, 'seed'>,
  withinMs: number,
): void => {
  let installation: Installation
  let played: Played
  beforeAll(async () => {
    installation = await open()
  }, withinMs)
  afterAll(() => installation.close(), withinMs)

  test(
    'whatever happens to records in whatever order, a person is one',
    async () => {
      played = await playHistories(installation, givenHistories(histories))
      await checkServices(installation, played)
    },
    withinMs,
  )

  test(
    'and so say the export, the offline audit, and the audit of who has read whom',
    async () => {
      await checkExport(installation, played)
      await checkAudits(installation, played)
    },
    withinMs,
  )

  test(
    'reads of the same are written down once an hour',
    async () => {
      await checkSparing(installation)
      expect(played.games.length).toBeGreaterThan(0)
    },
    withinMs,
  )
}
