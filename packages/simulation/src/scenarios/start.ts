import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { differences, misissued, undatedCertificates } from '../checks/differences.ts'
import type { Verdict } from '../checks/log.ts'
import { logsIn, outcomeOf } from '../checks/outcome.ts'
import { endOf, keptIn, keptOf } from '../checks/start-end.ts'
import { dataName, isPart, type Moment, StartProcess } from '../processes/start-process.ts'
import type { Scenario, World } from './scenario.ts'

/** A run in peace: what it says, when it is over, and how long a run takes that only shows it. */
type Course = {
  readonly said: StartProcess['said']
  readonly overMs: number
  readonly againMs: number
}

const playsFrom = 'employees:'
const showsFrom = 'certificates:'

const timeOf = ({ said }: Course, beginning: string): number => {
  const atMs = said.find(({ line }) => line.startsWith(beginning))?.atMs
  if (atMs === undefined) throw new Error(`npm start never says ${beginning}`)
  return atMs
}

/** When to kill, each later in the course than the one before. */
const momentsOf = (course: Course, { kills, random }: World): number[] => {
  const [makes, plays] = [timeOf(course, 'made'), timeOf(course, playsFrom)]
  const shows = timeOf(course, showsFrom)
  const spread = (count: number, fromMs: number, toMs: number) =>
    Array.from({ length: count }, (_, i) => fromMs + ((i + random()) * (toMs - fromMs)) / count)
  const quarter = Math.ceil(kills / 4)
  const playing = spread(Math.max(0, kills - 2 * quarter), plays, shows)
  const moments = [
    ...spread(quarter, makes * 0.9, plays), // While it makes keys, tokens and logs.
    // Mostly where nothing was done before, now and then while it goes over what was.
    ...playing.map(atMs => (random() < 0.8 ? atMs : plays + random() * (atMs - plays))),
    ...spread(quarter, shows, course.overMs),
  ]
  return moments.slice(0, kills)
}

/** So much of a run that only shows the page is for opening what there is. */
const openingShare = 0.6

/** In a run that goes over what was done, parts are shorter: what counts is which it is in. */
const placeOf = (course: Course, atMs: number, isPlayed: boolean): Moment => {
  const { said, overMs, againMs } = course
  const [plays, shows] = [timeOf(course, playsFrom), timeOf(course, showsFrom)]
  if (isPlayed) {
    const share = Math.max(0, (atMs - shows) / (overMs - shows))
    return { afterMs: againMs * (openingShare + (1 - openingShare) * share) }
  }
  if (atMs < plays) return { afterMs: atMs }
  const part = said.findLast(({ line, atMs: saidMs }) => isPart(line) && saidMs <= atMs)
  return { line: part?.line, afterMs: atMs - (part?.atMs ?? 0) }
}

/** Kills it at each moment, then lets it finish. */
const torment = async (world: World, folder: string, course: Course) => {
  const kept = new Set<string>()
  const killed = async (atMs: number, haste: number) => {
    const isPlayed = existsSync(join(folder, dataName, 'scenario.done'))
    const { line, afterMs } = placeOf(course, atMs, isPlayed)
    return new StartProcess(folder).killAt({ line, afterMs: afterMs * haste })
  }
  for (const atMs of momentsOf(course, world)) {
    // Where it was at its end before, it is killed a little earlier the next time.
    for (let haste = 1; !(await killed(atMs, haste)); ) haste *= 0.8
    for (const line of keptIn(folder)) kept.add(line)
    world.progress()
  }
  const last = new StartProcess(folder)
  await last.end()
  for (const line of keptIn(folder)) kept.add(line)
  return { page: last.page, kept: [...kept] }
}

const provenBy = (kept: readonly string[]) =>
  kept
    .map(keptOf)
    .flatMap(({ entries, receipts }) =>
      entries.map((entry, i) => ({ entry: Buffer.from(entry), receipt: receipts[i] ?? '' })),
    )

export const start: Scenario = {
  title: 'npm start is killed while it plays its scenario, and goes on',
  async run(world) {
    const [torn, whole] = [join(world.folder, 'killed'), join(world.folder, 'in-peace')]
    for (const folder of [torn, whole]) mkdirSync(folder)
    const calm = new StartProcess(whole)
    const overMs = await calm.end()
    const course = { overMs, said: calm.said, againMs: await new StartProcess(whole).end() }
    const { page, kept } = await torment(world, torn, course)
    const outcome = await outcomeOf(logsIn(join(torn, dataName)), { proven: provenBy(kept) })
    const expected = await outcomeOf(logsIn(join(whole, dataName)), {
      proven: provenBy(keptIn(whole)),
    })
    const { violations, commits, events, fences } = outcome
    return {
      violations: [
        ...violations,
        ...expected.violations.map(violation => `in peace: ${violation}`),
        ...misissued(expected.certified, outcome.certified),
        ...differences(undatedCertificates(outcome.streams), undatedCertificates(expected.streams)),
        ...differences(await endOf(torn, page), await endOf(whole, calm.page)),
      ],
      commits,
      events,
      fences,
      acknowledged: new Set(kept.map(line => keptOf(line).id)).size,
      refused: 0,
      unknown: 0,
      receipts: kept.length,
    } satisfies Verdict
  },
}
