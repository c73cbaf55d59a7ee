import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { mongoTokens, tokensDatabase } from '@jejak/access/mongo-tokens'
import { decode } from '@jejak/eventsourcing/entry'
import { startStack } from '@jejak/local/stack'
import {
  AssessmentService,
  type SubmitAssessmentsResponse,
} from '@jejak/proto/jejak/assessment/v1/assessment'
import { factKey } from '@jejak/reporting/read-model/keys'
import type { ReadModel } from '@jejak/reporting/read-model/versions'
import { openReadModel } from '@jejak/reporting/read-model/versions'
import { connect } from '@jejak/rpc/client'
import { mongoProjections } from '@jejak/storage/mongo/projections'
import { parseReceipt } from '@jejak/transparency/receipt'
import type { AssessmentItem } from '../assessment-load.ts'
import { assessmentItem, registerEmployees } from '../assessment-load.ts'
import { percentile } from '../report.ts'
import type { BenchSample, Suite } from '../suite.ts'

/** In this time the services compile their code. */
const warmUpSeconds = 5
/** A rate is carried if this part of it is acknowledged, and the lag's p99 is at most this. */
const carriedPart = 0.95
const carriedMs = 2_000
/** A rate that is not carried is halved, at most so many times. */
const halvingsMax = 4

/**
 * How long after its acknowledgement an assessment is in the read model of reporting, by the four
 * services in processes of their own over Kafka and MongoDB: at the wanted rate, or, if this
 * machine does not carry it, at the first half of it that it carries.
 */
export const lagSuite: Suite = async (storage, { lagRate, lagSeconds, lagPeople }, _, during) => {
  const folder = join(storage.folder, 'stack')
  const stack = await startStack({ folder, environment: { JEJAK_LOG_LEVEL: 'warn' } })
  const tokens = await mongoTokens(stack.mongoUrl, tokensDatabase)
  const store = await mongoProjections(stack.mongoUrl, 'jejak-reporting')
  try {
    const { token } = await tokens.issue({ role: 'agency', agency: 'rsud-daya' })
    const { enrollment, assessment: address } = stack.endpoints.grpc
    const hr = await tokens.issue({ role: 'hr' })
    await registerEmployees({ address: enrollment, token: hr.token }, lagPeople)
    let next = 0
    const message = () => assessmentItem(next++ % lagPeople)
    const options = { address, token, message, readModel: openReadModel(store) }
    await measureLag(options, lagRate / 4, warmUpSeconds)
    await during([
      async () => {
        const samples: BenchSample[] = []
        for (let halvings = 0; halvings <= halvingsMax; halvings++) {
          const rate = lagRate / 2 ** halvings
          const { acknowledged, p50, p99, most } = await measureLag(options, rate, lagSeconds)
          const of = { subject: `lag-at-${rate}-offered`, clients: 1 }
          samples.push(
            { ...of, unit: 'appends/s', value: acknowledged },
            { ...of, unit: 'ms, p50', value: p50 },
            { ...of, unit: 'ms, p99', value: p99 },
            { ...of, unit: 'ms, most', value: most },
          )
          if (acknowledged < carriedPart * rate || p99 > carriedMs) continue
          return [...samples, { subject: 'carried', clients: 1, unit: 'appends/s', value: rate }]
        }
        return samples
      },
    ])
  } finally {
    await store.close()
    await tokens.close()
    await stack.stop()
  }
}

type LoadOptions = {
  /** Address of assessment. */
  readonly address: string
  readonly token: string
  readonly message: () => AssessmentItem
  /** The read model of reporting. */
  readonly readModel: ReadModel
}

type Lag = {
  /** Acknowledged assessments a second. */
  readonly acknowledged: number
  /** Milliseconds from the acknowledgement until the read model has it. */
  readonly p50: number
  readonly p99: number
  readonly most: number
}

/** So many a second are sampled. */
const sampledRate = 50
const tickMs = 5
/** Error of a sample, plus the time of a query. */
const queryEveryMs = 10
/** The oldest first: a query stays small even if the read model is far behind. */
const queriedMax = 100
const foundWithinMs = 5 * 60_000

/** Sends assessments at a rate over one stream, independent of the answers. */
const measureLag = async (options: LoadOptions, rate: number, seconds: number): Promise<Lag> => {
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

async function* paced(message: () => AssessmentItem, rate: number, seconds: number) {
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

/** Queries for waiting facts until there are none and the signal is aborted. */
const watch = async (readModel: ReadModel, waiting: Map<string, number>, ended: AbortSignal) => {
  const lags: number[] = []
  let seen = performance.now()
  while (waiting.size > 0 || !ended.aborted) {
    const keys = waiting.keys().take(queriedMax).toArray()
    const found = keys.length > 0 ? await readModel.load(keys) : []
    const now = performance.now()
    for (const [at, key] of keys.entries()) {
      if (found[at] === undefined) continue
      lags.push(now - (waiting.get(key) ?? now))
      waiting.delete(key)
      seen = now
    }
    if (now - seen > foundWithinMs) throw new Error(`the read model does not have ${keys[0]}`)
    await sleep(queryEveryMs)
  }
  return lags
}
