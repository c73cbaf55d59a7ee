import { setTimeout as sleep } from 'node:timers/promises'
import { status } from '@grpc/grpc-js'
import { RpcError } from '@jejak/rpc/error'

/** What is sent and not answered yet. It is what a cut stream sends again. */
const unansweredMax = 2_000

const backOffUsualMs = 200
const backOffMaxMs = 10_000

/** A service that was stopped, or a network that is gone, does not say so. */
const silenceUsualMs = 60_000

/** After so many tries in a row in which nothing was answered, nobody is going to. */
const triesMax = 8

/** A request by its id, and what became of it. */
export type Answer<Result> = { readonly requestId: string } & Result

/** One go at sending: answers come in any order, and it may break off at any moment. */
export type Exchange<Request, Result> = (
  requests: AsyncIterable<Request>,
  /** Aborts where nothing was answered for too long. */
  signal: AbortSignal,
) => AsyncIterable<Answer<Result>>

type Numbered = { readonly requestId: string }

type Told<Request, Result> = {
  readonly settled: (request: Request, result: Result) => void
  /** It waits, and sends again what was not answered. */
  readonly retrying?: ((why: string) => void) | undefined
  readonly backOffMinMs?: number
  readonly silenceMaxMs?: number
}

/**
 * Sends requests until each has its answer, over as many exchanges as it takes: what was not
 * answered when one breaks off goes first into the next. Sending twice does no harm.
 */
export const sendAll = async <Request extends Numbered, Result>(
  requests: AsyncIterable<Request>,
  exchange: Exchange<Request, Result>,
  told: Told<Request, Result>,
): Promise<void> => {
  const { backOffMinMs = backOffUsualMs, silenceMaxMs = silenceUsualMs } = told
  const rest = requests[Symbol.asyncIterator]()
  const unanswered = new Map<string, Request>()
  let finished = false
  let broken: unknown
  let wake = () => {}
  const feed = async function* (again: readonly Request[], over: AbortSignal) {
    yield* again
    while (!over.aborted) {
      if (unanswered.size >= unansweredMax) {
        await new Promise<void>(resolve => {
          wake = resolve
        })
        continue
      }
      const next = await rest.next().catch(error => {
        broken = error
      })
      finished = !next || next.done === true
      if (!next || next.done) return
      // Even where nobody takes it any more: the next exchange does.
      unanswered.set(next.value.requestId, next.value)
      yield next.value
    }
  }
  for (let tries = 0; !finished || unanswered.size > 0; ) {
    let answered = false
    const over = new AbortController()
    const timer = setTimeout(() => over.abort(), silenceMaxMs)
    try {
      const fed = feed([...unanswered.values()], over.signal)
      for await (const answer of exchange(fed, over.signal)) {
        timer.refresh()
        const request = unanswered.get(answer.requestId)
        if (!request) continue
        unanswered.delete(answer.requestId)
        answered = true
        tries = 0
        told.settled(request, answer)
        wake()
      }
      if (!answered && unanswered.size > 0 && !broken) throw new NoAnswer()
    } catch (cause) {
      const error = over.signal.aborted ? new NoAnswer() : cause
      if (!isPassing(error) || ++tries > triesMax) throw error
      told.retrying?.((error as Error).message)
      over.abort()
      wake()
      await sleep(Math.min(backOffMaxMs, backOffMinMs * 2 ** tries) * (0.5 + Math.random() / 2))
    } finally {
      clearTimeout(timer)
    }
    if (broken) throw broken
  }
}

class NoAnswer extends Error {
  override name = 'NoAnswer'
  override message = 'the service does not answer'
}

const passing: readonly status[] = [
  status.UNAVAILABLE,
  status.RESOURCE_EXHAUSTED,
  status.CANCELLED,
  status.ABORTED, // Others wrote at the same time.
  status.DEADLINE_EXCEEDED, // No stream may last for ever: a large file takes several.
]

/** What the same request may not meet a moment later. */
export const isPassing = (error: unknown): boolean =>
  error instanceof RpcError ? passing.includes(error.code) : error instanceof NoAnswer

/** Unary calls, so many at once, as one exchange. */
export const oneByOne = <Request extends Numbered, Result>(
  call: (request: Request) => Promise<Result>,
  atOnce: number,
): Exchange<Request, Result> =>
  async function* (requests) {
    const running = new Set<Promise<Answer<Result>>>()
    const start = (request: Request) => {
      const answer = call(request).then(result => ({ ...result, requestId: request.requestId }))
      running.add(answer)
      void answer.catch(() => {}).finally(() => running.delete(answer))
    }
    for await (const request of requests) {
      start(request)
      if (running.size >= atOnce) yield await Promise.race(running)
    }
    while (running.size > 0) yield await Promise.race(running)
  }
