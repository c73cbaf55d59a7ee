import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { headFile } from '@jejak/storage/log/signer'
import type { Verdict } from '../checks/log-check.ts'
import type { ProcessOptions, StorePlace, WriterOptions } from '../processes/options.ts'
import { ProcessUnderTest } from '../processes/process-under-test.ts'
import { HeadCopies } from './head-copies.ts'

/** Given to a scenario: a folder, the number of kills, and how to start processes. */
export type ScenarioContext = {
  readonly folder: string
  readonly kills: number
  readonly random: () => number
  /** Starts a process that ends with the scenario at the latest. */
  readonly start: (options: ProcessOptions) => ProcessUnderTest
  /** Called after each kill or pause. */
  readonly progress: () => void
}

/** `run` resolves with its findings. */
export type Scenario = {
  readonly title: string
  readonly run: (context: ScenarioContext) => Promise<Verdict>
}

/** Runs a scenario once. */
export const runScenario = async (
  { run }: Scenario,
  setting: Omit<ScenarioContext, 'start'>,
): Promise<Verdict> => {
  const started: ProcessUnderTest[] = []
  const start = (options: ProcessOptions) => {
    const task = new ProcessUnderTest(options)
    started.push(task)
    return task
  }
  try {
    return await run({ ...setting, start })
  } finally {
    await Promise.all(started.map(task => task.kill()))
  }
}

const clientCount = 16
export const logService = 'log'

/** Two writers of one log, of which the first signs and makes it; and how its head was lately. */
export type LogUnderTest = {
  readonly options: WriterOptions
  /** It competes with the first, and sends some of its requests again. */
  readonly others: WriterOptions
  readonly heads: HeadCopies
}

export const logUnderTest = (
  { folder }: ScenarioContext,
  store: StorePlace,
  service = logService,
): LogUnderTest => {
  const [one, other] = ['one', 'other'].map(name => join(folder, `${service}-${name}.jsonl`))
  const keys = join(folder, 'keys')
  const log = { store, service, keys, clients: clientCount }
  return {
    options: { ...log, signs: true, history: one as string },
    others: { ...log, signs: false, history: other as string, doubles: one as string },
    heads: new HeadCopies(headFile(keys, service)),
  }
}

export const sleepBetween = (random: () => number, minMs: number, maxMs: number) =>
  sleep(minMs + random() * (maxMs - minMs))

const startedShare = 0.8
const stoppedShare = 0.15
const powerCutShare = 0.3

/** Kills it mostly while it works, now and then while it starts. */
export const killAtRandom = async (context: ScenarioContext, task: ProcessUnderTest) => {
  if (context.random() < startedShare) await task.ready()
  await killWithin(context, task, 600)
}

/** The same with the process that signs: also its log is stopped, and the head file falls back. */
export const killSigner = async (
  context: ScenarioContext,
  task: ProcessUnderTest,
  heads: HeadCopies,
) => {
  const { random } = context
  const isPowerCut = random() < powerCutShare
  const isStopped = random() < stoppedShare
  if (isStopped || random() < startedShare) await task.ready()
  const afterwards = () => {
    if (isPowerCut) heads.loseLastSecond()
  }
  await killWithin(context, task, 600, { isStopped, afterwards })
}

export const killWithin = async (
  { random, progress }: ScenarioContext,
  task: ProcessUnderTest,
  maxMs: number,
  { isStopped = false, afterwards = () => {} } = {},
) => {
  await sleepBetween(random, 0, maxMs)
  task.mustRun()
  await (isStopped ? task.stopLog() : task.kill())
  afterwards()
  progress()
  task.restart()
}

/**
 * Lets processes finish: an answer that the last kill left open comes after a restart. The one that
 * signs is the last, so that its head is of all of the log.
 */
export const restartAndStop = async (tasks: readonly ProcessUnderTest[]) => {
  for (const task of tasks) {
    await task.stop()
    task.restart()
    await task.stop()
  }
}

/** Adds a violation unless the log was refused for this reason. */
export const mustRefuse = (refused: string | undefined, why: string, found: Verdict): Verdict => {
  if (refused?.includes(why)) return found
  const violation = `a start was to be refused (${why}): ${refused ?? 'it was not'}`
  return { ...found, violations: [violation, ...found.violations] }
}
