import { rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { keepMacRecord, macFile, readMacRecord } from '@jejak/storage/log/mac-file'
import { readClientHistory } from '../checks/client-history.ts'
import type { Verdict } from '../checks/log-check.ts'
import { logOrigin, type WriterOptions } from '../processes/options.ts'
import {
  type LogUnderTest,
  mustRefuse,
  restartAndStop,
  type ScenarioContext,
  sleepBetween,
} from './scenario.ts'

type WithLog = (service: string, run: (log: LogUnderTest) => Promise<void>) => Promise<Verdict>

/**
 * Makes logs one after the other, each killed at the next step of its first start, or of what it
 * writes then; every second of them is a log of before, whose commits have no MACs.
 */
export const atEachStep = async (context: ScenarioContext, withLog: WithLog): Promise<Verdict> => {
  const found: Verdict[] = []
  for (let kill = 0; kill < context.kills; kill++) {
    const step = 1 + Math.floor(kill / 2)
    const start = kill % 2 ? startUpgrade : startNew
    found.push(await withLog(`log-${kill}`, log => start(context, log, step)))
    context.progress()
  }
  found.push(await refusedStarts(context, withLog))
  return found.reduce(sum)
}

const startNew = async (context: ScenarioContext, { options }: LogUnderTest, crash: number) => {
  const writer = context.start({ ...options, crash })
  await writer.killed()
  writer.restart(options)
  await goOn(context, writer)
}

const startUpgrade = async (context: ScenarioContext, { options }: LogUnderTest, crash: number) => {
  const writer = context.start({ ...options, without: 'macs' })
  await writer.ready()
  await sleepBetween(context.random, 0, 100)
  await writer.kill()
  writer.restart({ ...options, crash })
  await writer.killed()
  writer.restart(options)
  await goOn(context, writer)
}

type Writer = ReturnType<ScenarioContext['start']>

const goOn = async ({ random }: ScenarioContext, writer: Writer) => {
  await writer.ready()
  await sleepBetween(random, 0, 100)
  await writer.kill()
  writer.restart()
  await restartAndStop([writer])
}

const lookEveryMs = 20

/** How many commits it has written, by its history. */
const writtenBy = ({ history }: WriterOptions) =>
  readClientHistory(history).filter(line => line.is === 'acknowledged' && !line.repeated).length

/** What vouches for a log is taken away: it must not start, and must start once it is back. */
const refusedStarts = async (context: ScenarioContext, withLog: WithLog) => {
  const refusals: (readonly [refused: string | undefined, why: string])[] = []
  const found = await withLog('log-refused', async ({ options, heads }) => {
    const { keys, service } = options
    const writer = context.start({ ...options, without: 'macs' })
    await writer.ready()
    await sleepBetween(context.random, 100, 200)
    const older = heads.whole()
    await sleepBetween(context.random, 100, 200)
    await writer.kill()
    const written = writtenBy(options)
    writer.restart(options)
    await writer.ready()
    // As long as no commit has a MAC, a key that is gone is one that was never made.
    while (writtenBy(options) === written) await sleep(lookEveryMs)
    await writer.stop()
    const newest = heads.whole()
    const attempt = async (why: string) => refusals.push([await writer.refusal(), why])
    heads.write(older)
    await attempt('HeadMissing')
    heads.remove()
    await attempt('HeadMissing')
    heads.write(newest)
    const file = macFile(keys, service)
    const record = readMacRecord(file, logOrigin(service))
    rmSync(file)
    await attempt('WrongLog')
    if (record) keepMacRecord(file, record, logOrigin(service))
    writer.restart()
    await restartAndStop([writer])
  })
  return refusals.reduce((verdict, [refused, why]) => mustRefuse(refused, why, verdict), found)
}

const sum = (one: Verdict, other: Verdict): Verdict => ({
  violations: [...one.violations, ...other.violations],
  commits: one.commits + other.commits,
  events: one.events + other.events,
  fences: one.fences + other.fences,
  acknowledged: one.acknowledged + other.acknowledged,
  refused: one.refused + other.refused,
  unknown: one.unknown + other.unknown,
  receipts: one.receipts + other.receipts,
})
