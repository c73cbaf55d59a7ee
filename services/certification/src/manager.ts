import { hash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { PublisherHistory } from '@jejak/consumer/consumer'
import type { Request } from '@jejak/eventsourcing/log'
import type { ProjectionStore } from '@jejak/eventsourcing/projection'
import { backOffMs } from '@jejak/messaging/bus'
import { type Content, issue } from './certificate.ts'
import type { Certificates } from './certificates.ts'
import { type Enrollment, enrollmentKey, type Todo, todoKey, todoPrefix } from './effect.ts'
import { phase } from './phase.ts'
import { consumer, processOf } from './process.ts'

/** After what it can crash, in order; `gated` is the gate's, the others are the manager's. */
export type Step = 'gated' | 'read' | 'appended' | 'done'

export type OnStep = (step: Step) => void | Promise<void>

export type ManagerOptions = {
  readonly certificates: Certificates
  readonly store: ProjectionStore
  readonly history: PublisherHistory
  readonly clock: () => number
  readonly onStep?: OnStep | undefined
  /** Told of each failure before its back-off. */
  readonly failed?: ((error: unknown) => void) | undefined
}

/** What is performed at once: appends that arrive together go out in one write. */
const concurrentMax = 64

/**
 * The process manager. Each todo is performed in steps that do no harm when they are done again:
 * read, append where the phase says so, remove the todo. What crashes in between leaves the todo.
 */
export const manager = ({
  certificates,
  store,
  history,
  clock,
  onStep,
  failed,
}: ManagerOptions) => {
  const append = async (content: Content, { causationid, correlationid }: Todo) => {
    const result = await certificates.transact(content.certificateId, {
      decide: current => issue(current, content),
      request: requestOf(content.enrollmentId),
      attributes: { actor: consumer, causationid, ...(correlationid && { correlationid }) },
    })
    // Revoked in the meantime is as final as issued.
    if ('refused' in result && result.refused !== 'Revoked') {
      throw new Error(`${content.certificateId} was not issued: ${JSON.stringify(result)}`)
    }
  }

  const perform = async (enrollmentId: string, todo: Todo) => {
    const next = phase(await processOf({ certificates, store, history, clock }, enrollmentId))
    await onStep?.('read')
    if (next.phase === 'early') return
    if (next.phase === 'ready') {
      await append(next.content, todo)
      await onStep?.('appended')
    }
    await remove(store, enrollmentId, todo, next.phase !== 'unready')
    await onStep?.('done')
  }

  /** Performs every todo there is. False where one failed; the others are performed. */
  const settle = async (signal?: AbortSignal): Promise<boolean> => {
    let whole = true
    for await (const todos of partsOf(store.dump(consumer, todoPrefix))) {
      if (signal?.aborted) break
      const performed = todos.map(([key, todo]) => perform(key.slice(todoPrefix.length), todo))
      for (const result of await Promise.allSettled(performed)) {
        if (result.status === 'fulfilled') continue
        whole = false
        failed?.(result.reason)
      }
    }
    return whole
  }

  let heard = Promise.withResolvers<void>()
  return {
    settle,
    /** There may be something to do. */
    ring: () => heard.resolve(),
    /** Performs what there is and what comes, until the signal aborts. */
    async run(signal: AbortSignal): Promise<void> {
      signal.addEventListener('abort', () => heard.resolve())
      for (let failures = 0; !signal.aborted; ) {
        heard = Promise.withResolvers() // Before the todos are read: none comes unheard.
        const whole = await settle(signal).catch(error => void failed?.(error))
        failures = whole ? 0 : failures + 1
        if (signal.aborted) return
        await (whole
          ? heard.promise
          : sleep(backOffMs(failures), undefined, { signal }).catch(() => {}))
      }
    },
  }
}

/**
 * Removes a todo, unless it was made again since it was read: what made it was not seen then. Of a
 * certified enrollment there is nothing left to see.
 */
const remove = async (
  store: ProjectionStore,
  enrollmentId: string,
  todo: Todo,
  certified: boolean,
): Promise<void> => {
  const keys = [todoKey(enrollmentId), enrollmentKey(enrollmentId)] as const
  for (let applied = false; !applied; ) {
    const [now, before] = await store.load(consumer, keys)
    if (!certified && (now as Todo | undefined)?.causationid !== todo.causationid) return
    const enrollment = before as Enrollment | undefined
    const documents = new Map<string, unknown>([[keys[0], undefined]])
    if (certified && enrollment) documents.set(keys[1], { ...enrollment, status: 'certified' })
    applied = await store.apply(consumer, {
      loaded: new Map([
        [keys[0], now],
        [keys[1], before],
      ]),
      documents,
    })
  }
}

/** The enrollment alone says which request it is: a retry on another day is the same. */
const requestOf = (enrollmentId: string): Request => ({
  key: Buffer.concat([
    Buffer.from(enrollmentId.replaceAll('-', ''), 'hex'),
    hash('sha256', `issue ${enrollmentId}`, 'buffer').subarray(0, 8),
  ]),
  digest: Buffer.concat([Buffer.of(0), hash('sha256', enrollmentId, 'buffer')]),
})

async function* partsOf(todos: AsyncIterable<readonly [key: string, document: unknown]>) {
  let part: (readonly [string, Todo])[] = []
  for await (const [key, todo] of todos) {
    part.push([key, todo as Todo])
    if (part.length < concurrentMax) continue
    yield part
    part = []
  }
  yield part
}
