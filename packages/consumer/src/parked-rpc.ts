import type { Action } from '@jejak/access/rights'
import { limits } from '@jejak/eventsourcing/log'
import { DiscardParkedRequestSchema, ParkedService } from '@jejak/proto/jejak/parked/v1/parked'
import { authorise } from '@jejak/rpc/authorise'
import type { Call } from '@jejak/rpc/call'
import { refusedBy } from '@jejak/rpc/error'
import { implement } from '@jejak/rpc/implement'
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
import { discard, discardsStream, keyOf, type ParkedStream, type Refused } from './discards.ts'
import { answerOf, openPart, type ParkedPart } from './parked-port.ts'

/** Answers for every service that is here, by its name. */
// tidy: the calls of one service, and what they share.
export const parkedRpc = (parts: ReadonlyMap<string, ParkedPart>) => {
  const opened = new Map([...parts].map(([service, part]) => [service, openPart(part)]))

  /** Asked for the right first: who has none is not told which services there are. */
  const open = (call: Call, action: Action, service: string) => {
    authorise(call, action, {})
    const part = opened.get(service)
    if (part) return part
    throw refusedBy({ key: 'SERVICE_UNKNOWN', values: [...opened.keys()] })
  }

  return implement(ParkedService, {
    async listParked({ service, pageSize: size, pageToken: token }, call) {
      const list = ['parked.ListParked', service]
      validate({
        service: codeProblem(service),
        page_size: pageSizeProblem(size),
        page_token: pageTokenProblem(token, list),
      })
      const { gate } = open(call, 'parked.ListParked', service)
      const page: ParkedStream[] = []
      const after = afterOf(token) ?? ''
      for await (const one of (await gate()).parked()) {
        if (!isBehind(keyOf(one), after)) continue
        const last = page.length === pageSizeOf(size) && page.at(-1)
        if (last)
          return { parked: page.map(answerOf), nextPageToken: pageTokenOf(list, keyOf(last)) }
        page.push(one)
      }
      return { parked: page.map(answerOf) }
    },

    async getParked({ service, log, stream }, call) {
      validate(problemsOf({ service, log, stream }))
      const part = open(call, 'parked.GetParked', service)
      const parked = (await part.find(log, stream)) ?? notParked()
      const at = { from: parked.version, to: parked.version }
      const [found] = (await part.history(log, { stream, ...at })).events
      const entry = found && { ...found, position: BigInt(found.position) }
      return { parked: answerOf(parked), ...(entry && { entry }) }
    },

    async retryParked({ service, log, stream }, call) {
      validate(problemsOf({ service, log, stream }))
      const part = open(call, 'parked.RetryParked', service)
      return part.inTurn(async () => {
        if (!(await part.find(log, stream))) notParked()
        return part.retry(log, stream)
      })
    },

    async discardParked(request, call) {
      const { requestId, service, log, stream, version, reason } = request
      validate({
        request_id: uuidProblem(requestId),
        ...problemsOf({ service, log, stream }),
        version: numberProblem(version, 1, versionMax),
        reason: reasonProblem(reason),
      })
      const part = open(call, 'parked.DiscardParked', service)
      return part.inTurn(async () => {
        const parkedAt = (await part.find(log, stream))?.version
        const { method } = ParkedService
        const content = contentOf(DiscardParkedRequestSchema, request)
        const transacted = await part.transact({
          stream: discardsStream,
          ...writing(call, method.discardParked, requestId, content),
          decide: current => discard(current, { log, stream, version }, reason, parkedAt),
        })
        const stored = await recordedOrThrow(transacted, reasons, async () =>
          parkedAt === undefined ? undefined : { version: String(parkedAt) },
        )
        // Also where it was stored before: what came then may not have got as far as here.
        return { recorded: stored, ...(await part.retry(log, stream)) }
      })
    },
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

const reasons: Record<Refused, Reasoned> = {
  NotParked: 'NOT_PARKED',
  ParkedAtOther: 'PARKED_AT_OTHER_VERSION',
}

const notParked = (): never => {
  throw refusedBy(reasons.NotParked)
}
