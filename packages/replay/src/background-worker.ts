// tidy: the entry of a thread is a module of its own
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { CommitMacs } from '@jejak/storage/log/commit-mac'
import { auditText } from '@jejak/texts/audit'
import type { FromVerifier, ToVerifier, VerifierData } from './background.ts'
import { checkHere } from './entry-check.ts'
import { LogRefused } from './error.ts'
import { logKey, openHead } from './heads.ts'
import { type PatientSource, patientSource } from './patient-source.ts'
import { replayToEnd } from './replay-to-end.ts'
import { openStoredLog } from './source.ts'

const port = parentPort
if (!port) throw new Error('runs as a worker thread')
const { logs, share, everyMs, missingMaxMs } = workerData as VerifierData
type WorkerLog = VerifierData['logs'][number]

const say = (message: FromVerifier) => port.postMessage(message)

/** Milliseconds on the processor; where Node can't say it of a thread, all that passed. */
const worked = (): number => {
  if (process.threadCpuUsage === undefined) return performance.now()
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}

const restMinMs = 2

/** Rests as long as the work since the last rest asks for, to stay within the share of a core. */
const resting = () => {
  let [work, at] = [worked(), performance.now()]
  return async () => {
    const rest = (worked() - work) / share - (performance.now() - at)
    if (rest > 0 && rest < restMinMs) return
    if (rest > 0) await sleep(rest)
    work = worked()
    at = performance.now() // Time that it waited for the store is not saved up.
  }
}

const sayEveryMs = 200

const verify = async (log: WorkerLog, source: PatientSource): Promise<number> => {
  const { service, vkey, macs } = log
  const key = logKey(vkey, source.file)
  if (String(source.identity.vkey).trim() !== vkey.trim()) throw anotherLog(source)
  say({ service, kind: 'ask' })
  const [{ head }] = (await once(port, 'message')) as [ToVerifier]
  const { size } = head
  source.expect(size)
  const published = await source.published()
  const heads = [head.checkpoint, published]
    .filter(note => note !== undefined && note !== '') // Nothing was signed so far.
    .map(note => openHead(String(note), `${source.file} (head)`, key))
    .filter(signed => signed.size <= size) // The next pass is about what has come since.
  const rest = resting()
  let saidAt = 0
  await replayToEnd({
    ...{ source, heads, size },
    macs: macs && new CommitMacs(macs, key.name),
    check: checkHere(key.name),
    progress: async (_, verified) => {
      if (performance.now() - saidAt > sayEveryMs) {
        saidAt = performance.now()
        say({ service, kind: 'progress', progress: { verified, size } })
      }
      await rest()
    },
  })
  return size
}

const anotherLog = ({ file, identity }: PatientSource): LogRefused => {
  const detail = auditText({ key: 'other-log', values: { vkey: identity.vkey } })
  return new LogRefused('AnotherLog', { file }, detail)
}

/** Whether nothing is wrong with the log. */
const pass = async (log: WorkerLog): Promise<boolean> => {
  const { service, store } = log
  const [work, at] = [worked(), performance.now()]
  const failed = (error: unknown) => say({ service, kind: 'trouble', why: String(error) })
  let source: PatientSource | undefined
  try {
    source = await patientSource(() => openStoredLog(store, service), { missingMaxMs, failed })
    const size = await verify(log, source)
    const seconds = (performance.now() - at) / 1_000
    const cpuSeconds = (worked() - work) / 1_000
    say({ service, kind: 'progress', progress: { verified: size, size } })
    say({ service, kind: 'done', pass: { size, seconds, cpuSeconds } })
    return true
  } catch (error) {
    if (!(error instanceof LogRefused)) throw error
    const { problem, where, message } = error
    say({ service, kind: 'fault', fault: { problem, where, detail: message } })
    return false
  } finally {
    await source?.close()
  }
}

let right: readonly WorkerLog[] = logs
do {
  const results: boolean[] = []
  for (const log of right) results.push(await pass(log))
  right = right.filter((_, i) => results[i])
  if (everyMs > 0) await sleep(everyMs)
} while (everyMs > 0 && right.length > 0)
port.close()
