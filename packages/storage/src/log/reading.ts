import type { EventLog, Page } from '@jejak/eventsourcing/log'
import { LogGap, type Store } from '../store.ts'
import { unpack } from './entries.ts'

/** How long a follower may miss what another process has written. */
const followEveryMs = 200

export type Reading = Pick<EventLog, 'readStreams' | 'read' | 'follow' | 'size'> & {
  /** Wakes followers: there is more. */
  readonly ring: () => void
}

/**
 * The reads of a log, also while another process or thread writes it. `onGap` is called with what
 * is out of step.
 */
export const openReading = (
  store: Pick<Store, 'scan' | 'readStreams' | 'last'>,
  onGap: (gap: LogGap) => void = () => {},
): Reading => {
  const bell = new Bell()
  const say = (error: unknown) => {
    if (error instanceof LogGap) onGap(error)
    throw error
  }
  const saying = async function* (pages: AsyncIterable<Page>) {
    try {
      yield* pages
    } catch (error) {
      say(error)
    }
  }
  return {
    readStreams: queries => store.readStreams(queries).catch(say),
    read: from => saying(pages(store, from)),
    follow: (from, signal) => saying(follow(store, bell, from, signal)),
    async size() {
      const last = await store.last()
      return last ? last.position + last.count : 0
    },
    ring: () => bell.ring(),
  }
}

async function* pages(store: Pick<Store, 'scan'>, from: number): AsyncIterable<Page> {
  let position = from
  for await (const packed of store.scan(from)) {
    if (packed.position > position) {
      throw new LogGap(`the log goes from ${position} to ${packed.position}`)
    }
    const entries = unpack(packed.entries, packed.count)
    const page = packed.position < position ? entries.slice(position - packed.position) : entries
    if (page.length === 0) continue
    yield { position, entries: page }
    position += page.length
  }
}

async function* follow(
  store: Pick<Store, 'scan'>,
  bell: Bell,
  from: number,
  signal: AbortSignal,
): AsyncIterable<Page> {
  let position = from
  while (!signal.aborted) {
    const rung = bell.wait(signal)
    for await (const page of pages(store, position)) {
      if (signal.aborted) return
      yield page
      position = page.position + page.entries.length
    }
    await rung
  }
}

/** Wakes followers when this process has written; another process's writes they find by looking. */
class Bell {
  readonly #waiting = new Set<() => void>()

  ring() {
    for (const wake of this.#waiting) wake()
  }

  wait(signal: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      const wake = () => {
        clearTimeout(timer)
        signal.removeEventListener('abort', wake)
        this.#waiting.delete(wake)
        resolve()
      }
      const timer = setTimeout(wake, followEveryMs)
      signal.addEventListener('abort', wake)
      this.#waiting.add(wake)
    })
  }
}
