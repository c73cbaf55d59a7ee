import { readFileSync } from 'node:fs'
import type { Append } from '@jejak/eventsourcing/log'
import { checkHere } from '@jejak/replay/entry-check'
import { LogRefused, LogUnusable } from '@jejak/replay/error'
import { logKey, openHead } from '@jejak/replay/heads'
import { replayToEnd } from '@jejak/replay/replay-to-end'
import type { LogSource } from '@jejak/replay/source'
import { CommitMacs } from '@jejak/storage/log/commit-mac'
import { openHeadFile } from '@jejak/storage/log/head'
import { macFile, readMacRecord } from '@jejak/storage/log/mac-file'
import { openLog, type ProvenLog } from '@jejak/storage/log/open'
import { headFile, signerOf } from '@jejak/storage/log/signer'
import type { Store } from '@jejak/storage/store'
import { expect, vi } from 'vitest'
import { type LogPlace, openServiceLog } from '../service-log.ts'

// A log to tamper with, and what is seen of it afterwards: by who verifies it, by a start, and by
// a service that was running all along.

export const service = 'assessment'
export const origin = `jejak.localhost/${service}`

/** Commits that were written before the log had MACs, and all of them. */
export const oldCommits = 400
export const allCommits = 1_000

const streams = 40
const eventsMax = 4

/** The events of a commit, by its number. */
export const countOf = (commit: number): number => 1 + (commit % eventsMax)

export const streamOf = (commit: number): string => `person/${commit % streams}`

/** The position of a commit's first event. */
export const positionOf = (commit: number): number => {
  let position = 0
  for (let number = 1; number < commit; number++) position += countOf(number)
  return position
}

/** The size of the log. */
export const logSize = positionOf(allCommits + 1)

/** The append that a commit was written for: sent again, it is a repeated request. */
export const appendOf = (commit: number): Append => ({
  stream: streamOf(commit),
  expected: 'any',
  events: Array.from({ length: countOf(commit) }, (_, i) => ({
    id: `e-${commit}-${i}`,
    type: 'jejak.test.Assessed.v1',
    data: { level: 3, note: 'as it was' },
  })),
  request: { key: keyOf(commit), digest: keyOf(commit).subarray(8) },
})

export const keyOf = (commit: number): Buffer => {
  const key = Buffer.alloc(16, 7)
  key.writeUInt32BE(commit, 12)
  return key
}

const appendAll = async (log: ProvenLog, from: number, to: number) => {
  const appends = Array.from({ length: to - from + 1 }, (_, i) => log.append(appendOf(from + i)))
  const refused = (await Promise.all(appends)).find(answer => 'refused' in answer)
  if (refused) throw new Error(JSON.stringify(refused))
}

/** Makes a log of before MACs, with its key and its head. */
export const makeOldLog = async (store: Store, keys: string): Promise<void> => {
  const signer = signerOf({ keys, service, known: origin, isNew: true })
  const head = openHeadFile(headFile(keys, service))
  const log = await openLog({ store, origin, signer, head })
  await appendAll(log, 1, oldCommits)
  await log.close()
}

/** Gives the log MACs, and writes the rest of it in two sittings. */
export const upgrade = async (keys: string, at: LogPlace): Promise<void> => {
  const middle = (oldCommits + allCommits) / 2
  for (const [from, to] of [
    [oldCommits + 1, middle],
    [middle + 1, allCommits],
  ] as const) {
    const log = await openServiceLog({ service, keys, writer: 'service' }, at)
    await appendAll(log, from, to)
    await log.close()
  }
}

/** A copy of the log, which somebody has who can write its database but not its keys. */
export type Copy = { readonly keys: string; readonly at: LogPlace }

/** What verification finds: a problem and its place, or nothing. */
export type Found = 'nothing' | { readonly problem: string; readonly where: object }

/** An edit of a log, and what becomes of it. */
export type Tampering<Edit> = {
  readonly name: string
  readonly edit: Edit
  /** The commit whose request is sent again while the service runs. Default: `commits.full`. */
  readonly commit?: number
  readonly found: Found
  /** Why nothing need be found. */
  readonly harmless?: string
  /** What a start says that refuses it. Without it the log starts, and verification finds it. */
  readonly start?: string
  /** Whether a start makes it right again. */
  readonly isMended?: boolean
  /** What verification finds of a service that was running, if that is something else. */
  readonly running?: Found
  /** Why a service stops that was running. Without it, it goes on until verification finds it. */
  readonly stops?: string
}

/** Commits: one of before MACs, one in a full tile, one behind the last full tile, the last. */
export const commits = { old: 100, full: 700, tail: 960, last: allCommits } as const

export const found = (problem: string, commit: number, index = positionOf(commit)): Found => ({
  problem,
  where: { commit, index },
})

/** A commit with its MAC is found forged with the index of its last entry. */
export const forged = (commit: number): Found =>
  found('CommitForged', commit, positionOf(commit + 1) - 1)

export const noMac = (commit: number): string => `commit ${commit} does not have the MAC`

/** Carries out an edit, once while no service runs and once under one. */
export const carryOut = async <Edit>(
  tampering: Tampering<Edit>,
  copy: () => Promise<Copy & { readonly tamper: (edit: Edit) => Promise<void> }>,
): Promise<void> => {
  const { edit } = tampering
  const resting = await copy()
  await resting.tamper(edit)
  expect(await verify(resting)).toEqual(tampering.found)
  const refusal = await start(resting)
  if (tampering.start) expect(refusal).toContain(tampering.start)
  else {
    expect(refusal).toBe(undefined)
    expect(await verify(resting)).toEqual(tampering.isMended ? 'nothing' : tampering.found)
  }
  const running = await copy()
  const stopped = await runWhile(running, () => running.tamper(edit), tampering)
  if (tampering.stops) expect(stopped).toContain(tampering.stops)
  else {
    expect(stopped).toBe(undefined)
    expect(await verify(running)).toEqual(tampering.running ?? tampering.found)
  }
}

const verify = async ({ keys, at }: Copy): Promise<Found> => {
  let source: LogSource | undefined
  try {
    source = await at.openSource()
    const record = readMacRecord(macFile(keys, service), origin)
    const key = logKey(source.identity.vkey, source.file)
    const notes = [readFileSync(headFile(keys, service), 'utf8'), await source.published()]
    await replayToEnd({
      source,
      check: checkHere(source.identity.origin),
      heads: notes.filter(note => note !== undefined).map(note => openHead(note, 'head', key)),
      macs: record && new CommitMacs(record, origin),
    })
    return 'nothing'
  } catch (error) {
    if (error instanceof LogUnusable) return { problem: error.problem, where: {} }
    if (!(error instanceof LogRefused)) throw error
    const { file: _, ...where } = error.where
    return { problem: error.problem, where }
  } finally {
    await source?.close()
  }
}

/** Starts and ends the service. Returns why it does not start, if it does not. */
const start = async (copy: Copy): Promise<string | undefined> => {
  try {
    const log = await run(copy, () => {})
    await log.close()
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

const run = async ({ keys, at }: Copy, onStop: (cause: unknown) => void) =>
  openServiceLog({ service, keys, writer: 'service', onStop }, at)

/**
 * Runs the service, edits its log, sends a commit's request again with its receipt, and something
 * new, and reads its stream and all of the log. Returns why the service stopped, if it did.
 */
const runWhile = async (
  copy: Copy,
  edit: () => unknown,
  { commit = commits.full, stops }: Tampering<unknown>,
) => {
  let stopped: string | undefined
  const log = await run(copy, cause => {
    stopped = cause instanceof Error ? cause.message : String(cause)
  })
  try {
    await edit()
    const repeated = await log.append(appendOf(commit))
    if (!('refused' in repeated)) await repeated.receipt?.(0).catch(() => {})
    await log.append({ ...appendOf(allCommits + 1), stream: streamOf(commit) })
    await log.readStreams([{ stream: streamOf(commit) }]).catch(() => {})
    await Array.fromAsync(log.read(0)).catch(() => {})
    if (stops) await vi.waitUntil(() => stopped !== undefined, { timeout: 10_000 })
    return stopped
  } finally {
    await log.close()
  }
}
