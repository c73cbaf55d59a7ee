import { hash } from 'node:crypto'
import type { PublisherHistory } from '@jejak/consumer/port'
import { EntryAltered, type Unverified } from '@jejak/consumer/verified'
import type { Request } from '@jejak/eventsourcing/log'
import { batchesOf, type ProjectionStore } from '@jejak/eventsourcing/projection'
import { backOffMs } from '@jejak/messaging/bus'
import { pause } from '@jejak/messaging/retry'
import { type Content, issue } from './certificate.ts'
import type { Certificates } from './certificates.ts'
import type { KnownPorts } from './known.ts'
import { type Phase, phase } from './phase.ts'
import { processOf, provenProcessOf } from './process.ts'
import {
  type EnrollmentDocument,
  enrollmentKey,
  projectionName,
  type Todo,
  todoKey,
  todoPrefix,
} from './read-model.ts'

/** The points of a crash, in order: `applied` is the consumer's, the others are the manager's. */
export type ManagerStep = 'applied' | 'read' | 'appended' | 'done'

export type OnStep = (step: ManagerStep) => void | Promise<void>

export type ManagerOptions = {
  readonly certificates: Certificates
  readonly store: ProjectionStore
  readonly history: PublisherHistory
  /** As `history`, each event proven: what a certificate rests on. */
  readonly proven: PublisherHistory
  /** The signed heads of the logs that a certificate rests on. */
  readonly heads: KnownPorts['heads']
  /** The logs that are still being verified. */
  readonly unverified: () => Promise<readonly Unverified[]>
  readonly clock: () => number
  readonly onStep?: OnStep | undefined
  /** Called with each failure before its back-off. */
  readonly failed?: ((error: unknown) => void) | undefined
  /** Called instead if a log was altered: nothing is issued that rests on it. */
  readonly damaged?: ((error: EntryAltered) => void) | undefined
}

/** A phase, with all that a certificate says. */
type Step =
  | Exclude<Phase, { readonly phase: 'ready' }>
  | { readonly phase: 'ready'; readonly content: Content }

/** How long a todo waits at most for a day that has begun: nothing rings then. */
const lookAgainMs = 60_000

/** So many todos at once: appends that arrive together go out in one write. */
const concurrentMax = 64

/**
 * The process manager. Each todo is performed in steps that do no harm when they are repeated:
 * read, append if the phase says so, remove the todo. A crash in between leaves the todo. Until the
 * logs are verified, which takes a while after a start, every todo stays.
 */
export const processManager = (options: ManagerOptions) => {
  const { certificates, store, unverified, onStep, failed, damaged } = options

  const append = async (content: Content, { causationid, correlationid }: Todo) => {
    const result = await certificates.transact(content.certificateId, {
      decide: current => issue(current, content),
      request: requestOf(content.enrollmentId),
      attributes: { actor: 'certification', causationid, ...(correlationid && { correlationid }) },
    })
    // One that was revoked in the meantime is as final as one that was issued.
    if ('refused' in result && result.refused !== 'Revoked') {
      throw new Error(`${content.certificateId} was not issued: ${JSON.stringify(result)}`)
    }
  }

  const decide = async (enrollmentId: string): Promise<Step> => {
    const process = await processOf(options, enrollmentId)
    const next = phase(process)
    if (next.phase !== 'ready') return next
    const proven = await provenProcessOf(options, process)
    // The read model does not have their enrollments yet: the merge makes another todo.
    if (proven.process.records.length > process.records.length) return { phase: 'early' }
    const again = phase(proven.process)
    if (again.phase !== 'ready') return again
    if (proven.known.isCompletedLater(again.attested)) return { phase: 'waiting' }
    const restsOn = proven.known.restsOn(again.attested)
    return { phase: 'ready', content: { ...again.attested, restsOn } }
  }

  const perform = async (next: Step, enrollmentId: string, todo: Todo) => {
    await onStep?.('read')
    if (next.phase === 'early' || next.phase === 'waiting') return
    if (next.phase === 'ready') {
      await append(next.content, todo)
      await onStep?.('appended')
    }
    if (next.phase === 'ready' || next.phase === 'certified') {
      await markCertified(store, enrollmentId)
    } else await removeTodo(store, enrollmentId, todo)
    await onStep?.('done')
  }

  const report = (error: unknown) => {
    if (error instanceof EntryAltered && damaged) damaged(error)
    else failed?.(error)
  }

  /**
   * Performs every todo there is. False if one failed, while the others are performed all the same,
   * or if a log is still being verified.
   */
  const settle = async (signal?: AbortSignal): Promise<boolean> => {
    let failures = 0
    const tried = <T>(work: Promise<T>) =>
      work.catch(error => {
        failures++
        report(error)
      })
    const all = store.dump(projectionName, todoPrefix)
    for await (const todos of batchesOf(all, concurrentMax)) {
      if (signal?.aborted) break
      const found = todos.map(
        ([key, todo]) => [key.slice(todoPrefix.length), todo as Todo] as const,
      )
      const phases = await Promise.all(found.map(([id]) => tried(decide(id))))
      // After all was read: what was read before can't be verified since.
      if ((await unverified()).length > 0) return false
      const performing = found.map(async ([id, todo], at) => {
        const next = phases[at]
        if (next) await tried(perform(next, id, todo))
      })
      await Promise.all(performing)
    }
    return failures === 0
  }

  let rung = Promise.withResolvers<void>()
  return {
    settle,
    /** There may be something to do. */
    ring: () => rung.resolve(),
    /** Performs the todos that there are and those that come, until the signal aborts. */
    async run(signal: AbortSignal): Promise<void> {
      signal.addEventListener('abort', () => rung.resolve())
      for (let failures = 0; !signal.aborted; ) {
        rung = Promise.withResolvers() // Before the todos are read: no ring is missed.
        const isSettled = await settle(signal).catch(report)
        failures = isSettled ? 0 : failures + 1
        if (signal.aborted) return
        await (isSettled ? rungOrLate(rung.promise, signal) : pause(backOffMs(failures), signal))
      }
    },
  }
}

const rungOrLate = async (rung: Promise<void>, signal: AbortSignal): Promise<void> => {
  const over = new AbortController()
  await Promise.race([rung, pause(lookAgainMs, AbortSignal.any([signal, over.signal]))])
  over.abort()
}

/** Unless it was made again since it was read: the event that made it was not seen then. */
const removeTodo = (store: ProjectionStore, enrollmentId: string, { causationid }: Todo) =>
  change(store, [todoKey(enrollmentId)], ([todo]) =>
    (todo as Todo | undefined)?.causationid === causationid
      ? new Map([[todoKey(enrollmentId), undefined]])
      : undefined,
  )

/** Nothing is left to see of it, also if the todo was made again. */
const markCertified = (store: ProjectionStore, enrollmentId: string) => {
  const keys = [todoKey(enrollmentId), enrollmentKey(enrollmentId)] as const
  return change(store, keys, ([, before]) => {
    const enrollment = before as EnrollmentDocument | undefined
    return new Map([
      [keys[0], undefined],
      ...(enrollment ? [[keys[1], { ...enrollment, status: 'certified' }] as const] : []),
    ])
  })
}

/** Decides again for as long as another process changes these documents meanwhile. */
const change = async (
  store: ProjectionStore,
  keys: readonly string[],
  decide: (found: readonly unknown[]) => ReadonlyMap<string, unknown> | undefined,
): Promise<void> => {
  for (let applied = false; !applied; ) {
    const found = await store.load(projectionName, keys)
    const documents = decide(found)
    if (!documents) return
    const loaded = new Map(keys.map((key, at) => [key, found[at]]))
    applied = await store.apply(projectionName, { loaded, documents })
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
