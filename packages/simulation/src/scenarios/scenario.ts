import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { generateKey, parseSigner, parseVerifier } from '@jejak/transparency/key'
import type { Verdict } from '../checks/log.ts'
import type { TaskOptions } from '../processes/task.ts'
import { TaskProcess } from '../processes/task-process.ts'

/** Where a scenario takes place, and how long it goes on. */
export type World = {
  readonly folder: string
  readonly kills: number
  readonly random: () => number
  /** A writer or a server that does not outlive the scenario. */
  readonly start: (options: TaskOptions) => TaskProcess
  /** Called after each kill or pause. */
  readonly progress: () => void
}

/** Resolves when all is over, with what was found. */
export type Scenario = {
  readonly title: string
  readonly run: (world: World) => Promise<Verdict>
}

/** Goes through a scenario once. */
export const play = async ({ run }: Scenario, setting: Omit<World, 'start'>): Promise<Verdict> => {
  const started: TaskProcess[] = []
  const start = (options: TaskOptions) => {
    const task = new TaskProcess(options)
    started.push(task)
    return task
  }
  try {
    return await run({ ...setting, start })
  } finally {
    await Promise.all(started.map(task => task.kill()))
  }
}

export const origin = 'simulation.example/log'
export const clients = 16

/** A new signing key, in files as a service has them. */
export const keysIn = (folder: string) => {
  const key = generateKey(origin)
  const files = { signer: join(folder, 'signer'), head: join(folder, 'head') }
  writeFileSync(files.signer, key, { mode: 0o600 })
  return { files, verifiers: [parseVerifier(parseSigner(key).vkey)] }
}

export const within = (random: () => number, minMs: number, maxMs: number) =>
  sleep(minMs + random() * (maxMs - minMs))

/** Mostly while it writes, now and then while it starts. */
export const killAtRandom = async (world: World, task: TaskProcess) => {
  if (world.random() < 0.8) await task.ready()
  await killWithin(world, task, 600)
}

export const killWithin = async ({ random, progress }: World, task: TaskProcess, maxMs: number) => {
  await within(random, 0, maxMs)
  task.mustRun()
  await task.kill()
  progress()
  task.restart()
}

/** What a service does at its start, and all that is left to be told. */
export const settle = async (tasks: readonly TaskProcess[]) => {
  for (const task of tasks) {
    await task.stop()
    task.restart()
    await task.stop()
  }
}
