import type { MessageInitShape } from '@bufbuild/protobuf'
import type { Action } from '@jejak/access/rights'
import { type EventLog, limits } from '@jejak/eventsourcing/log'
import { transactor } from '@jejak/eventsourcing/transact'
import { serial } from '@jejak/messaging/serial'
import {
  DiscardParkedRequestSchema,
  type ParkedSchema,
  ParkedService,
} from '@jejak/proto/jejak/parked/v1/parked'
import { authorise } from '@jejak/rpc/authorise'
import type { Call } from '@jejak/rpc/call'
import { refusedBy } from '@jejak/rpc/error'
import { type Handlers, implementAudited } from '@jejak/rpc/implement'
import { cutPage } from '@jejak/rpc/page'
import { openReadAudit, type ReadAudit } from '@jejak/rpc/read-audit'
import { openRecall } from '@jejak/rpc/recall'
import { contentOf } from '@jejak/rpc/request'
import {
  afterOf,
  codeProblem,
  numberProblem,
  pageSizeOf,
  pageSizeProblem,
  pageTokenOf,
  pageTokenProblem,
  reasonProblem,
  textProblem,
  uuidProblem,
  validate,
} from '@jejak/rpc/validate'
import { recordedOrThrow, writing } from '@jejak/rpc/write'
import type { Reasoned } from '@jejak/texts/reasons'
import type { Consumer } from './consumer.ts'
import {
  type DiscardEvents,
  type DiscardRefused,
  discard,
  discardCodec,
  discards,
  discardsStream,
  streamKey,
} from './discards.ts'
import type { ParkedStream } from './parking.ts'
import type { PublisherHistory } from './port.ts'

/** The parts of a consuming service that show, retry and discard its parked streams. */
export type ParkedPort = {
  /** Asked for at each call: another projection may have taken its place by then. */
  readonly consumer: () => Promise<Pick<Consumer, 'parked' | 'retry'>>
  /** Reads the publishers' streams. */
  readonly history: PublisherHistory
  /** The service's own. */
  readonly log: EventLog
  readonly events: DiscardEvents
}

/** The actions of an operator on the parked streams of one service. */
const operating = ({ consumer, history, log, events }: ParkedPort) => {
  const { transact } = transactor(log, discards, discardCodec(events))
  const inTurn = serial()
  const find = async (log: string, stream: string): Promise<ParkedStream | undefined> => {
    for await (const parked of (await consumer()).parked()) {
      if (parked.log === log && parked.stream === stream) return parked
    }
    return undefined
  }
  return {
    consumer,
    history,
    transact,
    find,
    recall: openRecall({ log }),
    async retry(log: string, stream: string): Promise<{ readonly parked?: ParkedAnswer }> {
      await (await consumer()).retry(log, stream)
      const parked = await find(log, stream)
      return parked ? { parked: parkedAnswer(parked) } : {}
    },
    /** Runs work alone: an event that is about to be discarded must not be applied meanwhile. */
    oneByOne: <T>(work: () => Promise<T>): Promise<T> => inTurn(discardsStream, work),
  }
}

type ParkedAnswer = MessageInitShape<typeof ParkedSchema>

const parkedAnswer = (parked: ParkedStream): ParkedAnswer => {
  const { log, stream, version, reason, attempts, firstAt: since } = parked
  return { log, stream, version, reason, attempts, since }
}

type Discarding = Handlers<typeof ParkedService>['discardParked']
const { method } = ParkedService

/** The parked streams of every service that is here, by its name. */
// tidy: the calls of one service, and what they share.
export const parkedRpc = (services: ReadonlyMap<string, ParkedPort>, clock = Date.now) => {
  const audits = new Map(
    [...services].map(([service, { log }]) => [service, openReadAudit({ log, service, clock })]),
  )
  const opened = new Map([...services].map(([service, port]) => [service, operating(port)]))

  /** The right is checked first: a caller without it does not learn which services there are. */
  const open = (call: Call, action: Action, service: string) => {
    authorise(call, action, {})
    const operated = opened.get(service)
    if (operated) return operated
    throw refusedBy({ key: 'SERVICE_UNKNOWN', values: [...opened.keys()] })
  }

  const discarding: Discarding = async (request, call) => {
    const { requestId, service, log, stream, version, reason } = request
    validate({
      request_id: uuidProblem(requestId),
      ...problemsOf({ service, log, stream }),
      version: numberProblem(version, 1, versionMax),
      reason: reasonProblem(reason),
    })
    const operated = open(call, 'parked.DiscardParked', service)
    return operated.oneByOne(async () => {
      const parkedAt = (await operated.find(log, stream))?.version
      const content = contentOf(DiscardParkedRequestSchema, request)
      const transacted = await operated.transact({
        stream: discardsStream,
        ...writing(call, method.discardParked, requestId, content),
        decide: current => discard(current, { log, stream, version }, reason, parkedAt),
      })
      const stored = await recordedOrThrow(transacted, reasons, async () =>
        parkedAt === undefined ? undefined : { version: String(parkedAt) },
      )
      // Also if it was stored before: that call may have been cut off before it came here.
      return { recorded: stored, ...(await operated.retry(log, stream)) }
    })
  }
  /** What was stored is in the log of the service that the call names. */
  const retriedDiscard: Discarding = (request, call) => {
    const recall = opened.get(request.service)?.recall
    const handle = recall?.retryingUnary(method.discardParked, discarding) ?? discarding
    return handle(request, call)
  }

  const auditOf = ({ service }: { readonly service: string }) => audits.get(service) as ReadAudit
  return implementAudited(ParkedService, auditOf, {
    async listParked({ service, pageSize: size, pageToken: token }, call) {
      const list = ['parked.ListParked', service]
      validate({
        service: codeProblem(service),
        page_size: pageSizeProblem(size),
        page_token: pageTokenProblem(token, list),
      })
      const { consumer } = open(call, 'parked.ListParked', service)
      const after = afterOf(token) ?? ''
      async function* answers() {
        for await (const one of (await consumer()).parked()) {
          const key = streamKey(one)
          if (isBehind(key, after)) yield [key, parkedAnswer(one)] as const
        }
      }
      const { items, next } = await cutPage(answers(), pageSizeOf(size))
      return { parked: [...items], nextPageToken: next && pageTokenOf(list, next) }
    },

    async getParked({ service, log, stream }, call) {
      validate(problemsOf({ service, log, stream }))
      const operated = open(call, 'parked.GetParked', service)
      const parked = (await operated.find(log, stream)) ?? notParked()
      const at = { from: parked.version, to: parked.version }
      const [found] = (await operated.history(log, { stream, ...at })).events
      const entry = found && { ...found, position: BigInt(found.position) }
      return {
        answer: { parked: parkedAnswer(parked), ...(entry && { entry }) },
        read: { log, stream, from: at.from, to: entry ? at.to + 1 : at.from },
      }
    },

    async retryParked({ service, log, stream }, call) {
      validate(problemsOf({ service, log, stream }))
      const operated = open(call, 'parked.RetryParked', service)
      return operated.oneByOne(async () => {
        if (!(await operated.find(log, stream))) notParked()
        return operated.retry(log, stream)
      })
    },

    discardParked: retriedDiscard,
  })
}

const versionMax = 2 ** 32 - 1

const problemsOf = ({
  service,
  log,
  stream,
}: Readonly<Record<'service' | 'log' | 'stream', string>>) => ({
  service: codeProblem(service),
  log: codeProblem(log),
  stream: textProblem(stream, 1, limits.streamNameBytesMax),
})

/** In the order of the store that keeps them: that of their UTF-8 bytes. */
const isBehind = (key: string, after: string) =>
  Buffer.compare(Buffer.from(key), Buffer.from(after)) > 0

const reasons: Record<DiscardRefused, Reasoned> = {
  NotParked: 'NOT_PARKED',
  ParkedAtOther: 'PARKED_AT_OTHER_VERSION',
}

const notParked = (): never => {
  throw refusedBy(reasons.NotParked)
}
