import { setTimeout as sleep } from 'node:timers/promises'
import { status } from '@grpc/grpc-js'
import { backOff } from '@jejak/eventsourcing/transact'
import { RpcError } from '@jejak/rpc/error'
import { fileText } from '@jejak/texts/files'

/** So many requests are sent and not answered at once. They are what a cut stream sends again. */
export const unansweredMax = 2_000

const backOffUsualMs = 200
const backOffMaxMs = 10_000

/** A service that was stopped, or a network that is gone, does not say so. */
const silenceUsualMs = 60_000

/** After so many exchanges in a row without an answer, there will be none. */
const triesMax = 8

/** The id of a request, and what became of it. */
export type RequestAnswer<Result> = { readonly requestId: string } & Result

/** One attempt at sending: answers come in any order, and it may break off at any moment. */
export type Exchange<Request, Result> = (
  requests: AsyncIterable<Request>,
  /** Aborts when nothing was answered for too long. */
  signal: AbortSignal,
) => AsyncIterable<RequestAnswer<Result>>

type Numbered = { readonly requestId: string }

export type SendOptions<Request, Result> = {
  /** Called once for each request. */
  readonly settled: (request: Request, result: Result) => void
  /** Called before it waits and sends again what was not answered. */
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
  options: SendOptions<Request, Result>,
): Promise<void> => {
  const { retrying, backOffMinMs = backOffUsualMs } = options
  const unanswered = new Unanswered(requests)
  for (let tries = 0; !unanswered.isDone; ) {
    const { answers, error } = await attempt(unanswered, exchange, options)
    if (answers > 0) tries = 0
    if (error !== undefined) {
      if (!isPassing(error) || ++tries > triesMax) throw error
      retrying?.((error as Error).message)
      await sleep(backOff(tries, backOffMinMs, backOffMaxMs))
    }
    unanswered.throwIfBroken()
  }
}

/** One exchange: how many answers it brought, and what it ended with if it broke off. */
const attempt = async <Request extends Numbered, Result>(
  unanswered: Unanswered<Request>,
  exchange: Exchange<Request, Result>,
  { settled, silenceMaxMs = silenceUsualMs }: SendOptions<Request, Result>,
): Promise<{ readonly answers: number; readonly error?: unknown }> => {
  const over = new AbortController()
  const timer = setTimeout(() => over.abort(), silenceMaxMs)
  let answers = 0
  try {
    for await (const answer of exchange(unanswered.send(over.signal), over.signal)) {
      timer.refresh()
      const request = unanswered.take(answer.requestId)
      if (!request) continue // It was answered before: an exchange may answer twice.
      answers++
      settled(request, answer)
    }
    const isSilent = answers === 0 && unanswered.isWaiting
    return isSilent ? { answers, error: new NoAnswer() } : { answers }
  } catch (error) {
    return { answers, error: over.signal.aborted ? new NoAnswer() : error }
  } finally {
    clearTimeout(timer)
    over.abort()
  }
}

/** Requests that were sent and not answered yet, and the source of those that come after them. */
class Unanswered<Request extends Numbered> {
  readonly #source: AsyncIterator<Request>
  readonly #requests = new Map<string, Request>()
  #isExhausted = false
  #broken: { readonly error: unknown } | undefined
  #wake = () => {}

  constructor(source: AsyncIterable<Request>) {
    this.#source = source[Symbol.asyncIterator]()
  }

  get isDone(): boolean {
    return this.#isExhausted && this.#requests.size === 0
  }

  /** Whether an answer is missing. A source that broke ends the sending anyway. */
  get isWaiting(): boolean {
    return this.#requests.size > 0 && !this.#broken
  }

  throwIfBroken(): void {
    if (this.#broken) throw this.#broken.error
  }

  /** The request that an answer is for. */
  take(requestId: string): Request | undefined {
    const request = this.#requests.get(requestId)
    this.#requests.delete(requestId)
    this.#wake()
    return request
  }

  /** The requests of one exchange: first those without an answer, then new ones. */
  async *send(over: AbortSignal): AsyncGenerator<Request> {
    over.addEventListener('abort', () => this.#wake(), { once: true })
    yield* [...this.#requests.values()]
    while (!over.aborted) {
      if (this.#requests.size >= unansweredMax) await this.#change()
      else {
        const request = await this.#next()
        if (!request) return
        yield request
      }
    }
  }

  async #next(): Promise<Request | undefined> {
    try {
      const { done, value } = await this.#source.next()
      if (!done) {
        // Also when this exchange is over by now: the next one sends it.
        this.#requests.set(value.requestId, value)
        return value
      }
    } catch (error) {
      this.#broken = { error }
    }
    this.#isExhausted = true
    return undefined
  }

  #change(): Promise<void> {
    return new Promise(resolve => {
      this.#wake = resolve
    })
  }
}

class NoAnswer extends Error {
  override name = 'NoAnswer'
  override message = fileText('no-answer')
}

const passing: readonly status[] = [
  status.UNAVAILABLE,
  status.RESOURCE_EXHAUSTED,
  status.CANCELLED,
  status.ABORTED, // Others wrote at the same time.
  status.DEADLINE_EXCEEDED, // No stream may last for ever: a large file takes several.
]

/** Whether the same request may be answered a moment later. */
export const isPassing = (error: unknown): boolean =>
  error instanceof RpcError ? passing.includes(error.code) : error instanceof NoAnswer

/** Makes an exchange of unary calls, so many at once. */
export const oneByOne = <Request extends Numbered, Result>(
  call: (request: Request) => Promise<Result>,
  atOnce: number,
): Exchange<Request, Result> =>
  async function* (requests) {
    // What is answered stays here until it was given out: many answers come at one moment.
    const running = new Map<string, Promise<RequestAnswer<Result>>>()
    const next = async () => {
      const answer = await Promise.race(running.values())
      running.delete(answer.requestId)
      return answer
    }
    for await (const request of requests) {
      const { requestId } = request
      const answer = call(request).then(result => ({ ...result, requestId }))
      answer.catch(() => {}) // It is looked at later.
      running.set(requestId, answer)
      if (running.size >= atOnce) yield await next()
    }
    while (running.size > 0) yield await next()
  }
