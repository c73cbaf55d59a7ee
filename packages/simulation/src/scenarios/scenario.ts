import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { generateKey, parseSigner, parseVerifier } from '@jejak/transparency/key'
import type { Verdict } from '../checks/log-check.ts'
import type { ProcessOptions } from '../processes/options.ts'
import { ProcessUnderTest } from '../processes/process-under-test.ts'

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

export const logOrigin = 'simulation.example/log'
export const clientCount = 16

/** A new signing key, in files as a service has them. */
export const newKeys = (folder: string) => {
  const key = generateKey(logOrigin)
  const files = { signer: join(folder, 'signer'), head: join(folder, 'head') }
  writeFileSync(files.signer, key, { mode: 0o600 })
  return { files, verifiers: [parseVerifier(parseSigner(key).vkey)] }
}

export const sleepBetween = (random: () => number, minMs: number, maxMs: number) =>
  sleep(minMs + random() * (maxMs - minMs))

/** Kills it mostly while it works, now and then while it starts. */
export const killAtRandom = async (context: ScenarioContext, task: ProcessUnderTest) => {
  if (context.random() < 0.8) await task.ready()
  await killWithin(context, task, 600)
}

export const killWithin = async (
  { random, progress }: ScenarioContext,
  task: ProcessUnderTest,
  maxMs: number,
) => {
  await sleepBetween(random, 0, maxMs)
  task.mustRun()
  await task.kill()
  progress()
  task.restart()
}

/** Lets processes finish: an answer that the last kill left open comes after a restart. */
export const restartAndStop = async (tasks: readonly ProcessUnderTest[]) => {
  for (const task of tasks) {
    await task.stop()
    task.restart()
    await task.stop()
  }
}
