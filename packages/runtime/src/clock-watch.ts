/** Clocks that are kept (NTP) differ by less. */
export const apartMaxMs = 5_000

/** Compares the clock of this process with what it can be compared with. */
export type ClockWatch = {
  /** An entry was read that its log recorded at this moment (ms since 1970). */
  readonly read: (log: string, recordedMs: number) => void
  /**
   * By log: how far the clock here is behind the entry that was read last. Negative: it is not, and
   * the entry is so old, or the clock here so far ahead.
   */
  readonly behindMs: () => ReadonlyMap<string, number>
  /** How far the clock was moved since the process began, by one that nobody moves. */
  readonly jumpedMs: () => number
  /** What is wrong now, in sentences. */
  readonly faults: () => readonly string[]
}

export type ClockWatchOptions = {
  /** Called once for each log that the clock is behind. */
  readonly warn: (line: string) => void
  readonly now?: () => number
  readonly monotonic?: () => number
}

export const openClockWatch = (options: ClockWatchOptions): ClockWatch => {
  const { warn, now = Date.now, monotonic = () => performance.now() } = options
  const offset = now() - monotonic()
  const behind = new Map<string, number>()
  const warned = new Set<string>()
  const jumpedMs = () => now() - monotonic() - offset
  return {
    read(log, recordedMs) {
      const ms = recordedMs - now()
      behind.set(log, ms)
      if (ms <= apartMaxMs || warned.has(log)) return
      warned.add(log)
      warn(behindLog(log, ms))
    },
    behindMs: () => behind,
    jumpedMs,
    faults: () => [
      ...[...behind].filter(([, ms]) => ms > apartMaxMs).map(([log, ms]) => behindLog(log, ms)),
      ...(Math.abs(jumpedMs()) > apartMaxMs
        ? [`the clock here was moved by ${seconds(jumpedMs())} s since the process began`]
        : []),
    ],
  }
}

/** The clock here, or that of the log: only somebody who looks at both can tell which is wrong. */
export const behindLog = (log: string, ms: number): string =>
  `the clock here is ${seconds(ms)} s behind the last entry of the log of ${log}`

const seconds = (ms: number) => Math.round(ms / 1_000)
