import { setTimeout as sleep } from 'node:timers/promises'
import { auditText } from '@jejak/texts/audit'
import { LogRefused, LogUnusable } from './error.ts'
import type { LogSource } from './source.ts'

const pauseMinMs = 100
const pauseMaxMs = 10_000

export type PatientSource = Omit<LogSource, 'last' | 'statistics'> & {
  /** Waits for commits up to this size, which are there: a new primary may not show them yet. */
  readonly expect: (size: number) => void
}

export type Patience = {
  /** How long entries that were signed for may be missing before they count as gone. */
  readonly missingMaxMs: number
  /** Called with each failure to read; it is tried again. */
  readonly failed: (error: unknown) => void
}

/**
 * A source that is opened again and read again, for as long as it takes, where its store is away:
 * a failover, a lock, a network. A file that SQLite finds damaged is refused.
 */
export const patientSource = async (
  open: () => Promise<LogSource>,
  { missingMaxMs, failed }: Patience,
): Promise<PatientSource> => {
  let opening: Promise<LogSource> | undefined
  let isClosed = false
  const closeOne = async (opened: Promise<LogSource> | undefined) => {
    if (opening === opened) opening = undefined
    await opened?.then(source => source.close()).catch(() => {})
  }
  const persevere = async <T>(read: (source: LogSource) => Promise<T>): Promise<T> => {
    let noLogSince = Number.POSITIVE_INFINITY
    for (let failures = 0; ; failures++) {
      opening ??= open()
      const opened = opening
      try {
        return await read(await opened)
      } catch (error) {
        // A read ahead, whose answer nobody waits for any more.
        if (isClosed) return new Promise<never>(() => {})
        if (isDamaged(error)) throw damaged(error as Error)
        const now = performance.now()
        noLogSince = isNoLog(error) ? Math.min(noLogSince, now) : Number.POSITIVE_INFINITY
        if (now - noLogSince > missingMaxMs) throw damaged(error as Error)
        failed(error)
        await closeOne(opened)
        await sleep(Math.min(pauseMaxMs, pauseMinMs * 2 ** failures))
      }
    }
  }
  const { service, file, identity, bundle, indexed } = await persevere(async opened => opened)
  let [seen, expected] = [0, 0]
  const commits = async (from: number) => {
    const until = performance.now() + missingMaxMs
    for (;;) {
      const page = await persevere(opened => opened.commits(from))
      const last = page.at(-1)
      if (last) seen = last.position + last.count
      if (last || seen >= expected || performance.now() > until) return page
      await sleep(pauseMinMs)
    }
  }
  return {
    ...{ service, file, identity, commits },
    close: () => {
      isClosed = true
      return closeOne(opening)
    },
    expect(size) {
      expected = size
    },
    tile: (level, index) => persevere(opened => opened.tile(level, index)),
    stray: () => persevere(opened => opened.stray()),
    published: () => persevere(opened => opened.published()),
    ...(indexed && {
      indexed: last => persevere(async opened => opened.indexed?.(last)),
    }),
    ...(bundle && {
      bundle: index => persevere(async opened => opened.bundle?.(index)),
    }),
  }
}

/** SQLITE_CORRUPT, SQLITE_TOOBIG and SQLITE_NOTADB: nothing that passes. */
const damageCodes = [11, 18, 26]

const isDamaged = (error: unknown): boolean => {
  const { errcode, cause } = error as { readonly errcode?: number; readonly cause?: unknown }
  if (errcode !== undefined) return damageCodes.includes(errcode & 0xff)
  return cause instanceof Error && isDamaged(cause)
}

/** The store is there, and what makes it a log is gone: whoever edits it can't have it unread. */
const isNoLog = (error: unknown): boolean => {
  if (!(error instanceof LogUnusable)) return false
  const { problem, cause } = error
  return ['NoLog', 'NoKey'].includes(problem) || (problem === 'NotALog' && !isOfMachine(cause))
}

const sqliteError = 1

/** A lock, a disk, memory, open files: it passes. */
const isOfMachine = (cause: unknown): boolean => {
  const { errcode, code } = cause as { readonly errcode?: number; readonly code?: string }
  return errcode === undefined ? code !== undefined : errcode !== sqliteError
}

const damaged = ({ message }: Error): LogRefused =>
  new LogRefused('Damaged', {}, auditText({ key: 'damaged', values: { why: message } }))
