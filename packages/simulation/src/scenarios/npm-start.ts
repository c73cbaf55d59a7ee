import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { certificateDifferences, differences, undatedCertificates } from '../checks/differences.ts'
import { logsIn, readInstallationLogs } from '../checks/installation-logs.ts'
import type { Verdict } from '../checks/log-check.ts'
import { parseReceipts, receiptLinesIn, resultOf } from '../checks/npm-start-result.ts'
import { dataName, isPart, type KillMoment, NpmStart } from '../processes/npm-start.ts'
import type { Scenario, ScenarioContext } from './scenario.ts'

/** The lines and the duration of an undisturbed run, and of another run that only shows it. */
type UndisturbedRun = {
  readonly lines: NpmStart['lines']
  readonly overMs: number
  readonly againMs: number
}

const firstPart = 'employees:'
const lastPart = 'certificates:'

const timeOf = ({ lines }: UndisturbedRun, beginning: string): number => {
  const atMs = lines.find(({ line }) => line.startsWith(beginning))?.atMs
  if (atMs === undefined) throw new Error(`npm start never prints ${beginning}`)
  return atMs
}

/** When to kill: each moment is later in the run than the one before. */
const momentsOf = (undisturbed: UndisturbedRun, { kills, random }: ScenarioContext): number[] => {
  const [makes, plays] = [timeOf(undisturbed, 'made'), timeOf(undisturbed, firstPart)]
  const shows = timeOf(undisturbed, lastPart)
  const spread = (count: number, fromMs: number, toMs: number) =>
    Array.from({ length: count }, (_, i) => fromMs + ((i + random()) * (toMs - fromMs)) / count)
  const quarter = Math.ceil(kills / 4)
  const playing = spread(Math.max(0, kills - 2 * quarter), plays, shows)
  const moments = [
    ...spread(quarter, makes * 0.9, plays), // While it makes keys, tokens and logs.
    // Mostly in a part that is new, now and then while it repeats what was done before.
    ...playing.map(atMs => (random() < 0.8 ? atMs : plays + random() * (atMs - plays))),
    ...spread(quarter, shows, undisturbed.overMs),
  ]
  return moments.slice(0, kills)
}

/** Share of a run that only shows the page in which it opens what there is. */
const openingShare = 0.6

/** Maps a moment of the undisturbed run: parts that are repeated are shorter. */
const killMomentOf = (undisturbed: UndisturbedRun, atMs: number, isPlayed: boolean): KillMoment => {
  const { lines, overMs, againMs } = undisturbed
  const [plays, shows] = [timeOf(undisturbed, firstPart), timeOf(undisturbed, lastPart)]
  if (isPlayed) {
    const share = Math.max(0, (atMs - shows) / (overMs - shows))
    return { afterMs: againMs * (openingShare + (1 - openingShare) * share) }
  }
  if (atMs < plays) return { afterMs: atMs }
  const part = lines.findLast(({ line, atMs: printedAtMs }) => isPart(line) && printedAtMs <= atMs)
  return { line: part?.line, afterMs: atMs - (part?.atMs ?? 0) }
}

/** Kills it at each moment, then lets it finish. */
const killAtMoments = async (
  context: ScenarioContext,
  folder: string,
  undisturbed: UndisturbedRun,
) => {
  const receipts = new Set<string>()
  const killed = async (atMs: number, haste: number) => {
    const isPlayed = existsSync(join(folder, dataName, 'scenario.done'))
    const { line, afterMs } = killMomentOf(undisturbed, atMs, isPlayed)
    return new NpmStart(folder).killAt({ line, afterMs: afterMs * haste })
  }
  for (const atMs of momentsOf(undisturbed, context)) {
    // If the run was over before the kill, the next try is a little earlier.
    for (let haste = 1; !(await killed(atMs, haste)); ) haste *= 0.8
    for (const line of receiptLinesIn(folder)) receipts.add(line)
    context.progress()
  }
  const last = new NpmStart(folder)
  await last.end()
  for (const line of receiptLinesIn(folder)) receipts.add(line)
  return { page: last.page, receipts: [...receipts] }
}

const provenEntries = (lines: readonly string[]) =>
  lines
    .map(parseReceipts)
    .flatMap(({ entries, receipts }) =>
      entries.map((entry, i) => ({ entry: Buffer.from(entry), receipt: receipts[i] ?? '' })),
    )

export const npmStartKilled: Scenario = {
  title: 'npm start is killed while it plays its scenario, and goes on',
  async run(context) {
    const [killedFolder, calmFolder] = [
      join(context.folder, 'killed'),
      join(context.folder, 'in-peace'),
    ]
    for (const folder of [killedFolder, calmFolder]) mkdirSync(folder)
    const calm = new NpmStart(calmFolder)
    const overMs = await calm.end()
    const undisturbed = { overMs, lines: calm.lines, againMs: await new NpmStart(calmFolder).end() }
    const { page, receipts } = await killAtMoments(context, killedFolder, undisturbed)
    const outcome = await readInstallationLogs(logsIn(join(killedFolder, dataName)), {
      proven: provenEntries(receipts),
    })
    const expected = await readInstallationLogs(logsIn(join(calmFolder, dataName)), {
      proven: provenEntries(receiptLinesIn(calmFolder)),
    })
    const { violations, commits, events, fences } = outcome
    return {
      violations: [
        ...violations,
        ...expected.violations.map(violation => `in peace: ${violation}`),
        ...certificateDifferences(expected.certified, outcome.certified),
        ...differences(undatedCertificates(outcome.streams), undatedCertificates(expected.streams)),
        ...differences(await resultOf(killedFolder, page), await resultOf(calmFolder, calm.page)),
      ],
      commits,
      events,
      fences,
      acknowledged: new Set(receipts.map(line => parseReceipts(line).id)).size,
      refused: 0,
      unknown: 0,
      receipts: receipts.length,
    } satisfies Verdict
  },
}
