import { setTimeout as sleep } from 'node:timers/promises'
import { decode } from '@jejak/eventsourcing/entry'
import {
  AssessmentService,
  type SubmitAssessmentsResponse,
} from '@jejak/proto/jejak/assessment/v1/assessment'
import { factKey } from '@jejak/reporting/read-model/keys'
import type { ReadModel } from '@jejak/reporting/read-model/versions'
import { connect } from '@jejak/rpc/client'
import { parseReceipt } from '@jejak/transparency/receipt'
import { percentile } from '../percentile.ts'
import type { Message } from './intake-client.ts'

export type LoadOptions = {
  /** Of assessment. */
  readonly address: string
  readonly token: string
  readonly message: () => Message
  /** The read model of reporting. */
  readonly readModel: ReadModel
}

export type Lag = {
  /** A second, of those that were acknowledged. */
  readonly acknowledged: number
  /** Milliseconds from the acknowledgement to when the read model has it. */
  readonly p50: number
  readonly p99: number
  readonly most: number
}

/** So many a second are looked for. */
const sampledRate = 50
const tickMs = 5
/** What is seen is at most this much older, and the time of a look. */
const lookEveryMs = 10
/** The oldest are looked for first: a look is to stay small where the read model is behind. */
const lookedForMax = 100
const seenWithinMs = 5 * 60_000

/** Offers so many assessments a second over one stream, however fast they are answered. */
export const load = async (options: LoadOptions, rate: number, seconds: number): Promise<Lag> => {
  const waiting = new Map<string, number>()
  const ended = new AbortController()
  const watched = watch(options.readModel, waiting, ended.signal)
  const every = Math.max(1, Math.floor(rate / sampledRate))
  const { address, token, message } = options
  const connection = connect(address, { token })
  const { submitAssessments } = connection.client(AssessmentService)
  const start = performance.now()
  let answered = 0
  try {
    for await (const answer of submitAssessments(paced(message, rate, seconds))) {
      const key = keyOf(answer)
      if (answered++ % every === 0) waiting.set(key, performance.now())
    }
  } finally {
    ended.abort()
    connection.close()
  }
  const acknowledged = (answered / (performance.now() - start)) * 1_000
  const lags = await watched
  const [p50, p99, most] = [percentile(lags, 0.5), percentile(lags, 0.99), percentile(lags, 1)]
  return { acknowledged, p50, p99, most }
}

async function* paced(message: () => Message, rate: number, seconds: number) {
  const start = performance.now()
  for (let sent = 0; sent < rate * seconds; await sleep(tickMs)) {
    const due = Math.min(seconds, (performance.now() - start) / 1_000) * rate
    for (; sent < due; sent++) yield message()
  }
}

const keyOf = ({ requestId, outcome }: SubmitAssessmentsResponse): string => {
  const { entries: [entry] = [], receipts: [receipt] = [] } =
    outcome.case === 'recorded' ? outcome.value : {}
  if (!entry || !receipt) {
    throw new Error(`${requestId} was not recorded: ${JSON.stringify(outcome.value)}`)
  }
  const { subject: stream } = decode(entry)
  const asnId = stream.slice(stream.indexOf('/') + 1)
  return factKey(asnId, { log: 'assessment', stream, position: parseReceipt(receipt).index })
}

/** Looks for what waits, until there is nothing and the signal has aborted. */
const watch = async (readModel: ReadModel, waiting: Map<string, number>, ended: AbortSignal) => {
  const lags: number[] = []
  let seen = performance.now()
  while (waiting.size > 0 || !ended.aborted) {
    const keys = waiting.keys().take(lookedForMax).toArray()
    const found = keys.length > 0 ? await readModel.load(keys) : []
    const now = performance.now()
    for (const [at, key] of keys.entries()) {
      if (found[at] === undefined) continue
      lags.push(now - (waiting.get(key) ?? now))
      waiting.delete(key)
      seen = now
    }
    if (now - seen > seenWithinMs) throw new Error(`the read model does not have ${keys[0]}`)
    await sleep(lookEveryMs)
  }
  return lags
}
