import {
  startVerification,
  type Verification,
  type VerificationOptions,
} from '@jejak/replay/background'
import { describeLocation, LogRefused } from '@jejak/replay/error'
import type { LogStore } from '@jejak/replay/source'
import { writeDurably } from '@jejak/storage/durable-file'
import { macFile, readMacRecord } from '@jejak/storage/log/mac-file'
import type { ProvenLog } from '@jejak/storage/log/open'
import { damageFile } from './verify-before.ts'

export type WatchedLog = {
  readonly service: string
  readonly log: ProvenLog
  readonly store: LogStore
}

export type WatchOptions = Pick<VerificationOptions, 'onTrouble' | 'onDone'> & {
  readonly logs: readonly WatchedLog[]
  /** The folder of their keys. */
  readonly keys: string
} & VerificationPace

/** How much of a core verifies logs, above 0 and up to 1; and how long until it begins again. */
export type VerificationPace = Pick<VerificationOptions, 'share' | 'everyMs'>

export type PaceSettings = {
  /** Percent of a core. */
  readonly verifyShare: number
  readonly verifyHours: number
}

export const paceOf = ({ verifyShare, verifyHours }: PaceSettings): VerificationPace => ({
  share: verifyShare / 100,
  everyMs: verifyHours * 60 * 60 * 1_000,
})

/**
 * Verifies open logs in the background. One that is found damaged takes no append and signs nothing
 * from then on, and the next start verifies all of it before it serves.
 */
export const watchLogs = ({ logs, keys, ...options }: WatchOptions): Verification =>
  startVerification({
    ...options,
    sources: logs.map(({ service, log, store }) => ({
      ...{ service, store, vkey: log.vkey },
      macs: readMacRecord(macFile(keys, service), log.origin),
      head: () => log.head() ?? nothing,
    })),
    onFault(service, fault) {
      const log = logs.find(watched => watched.service === service)?.log
      if (log) takeOutOfService({ keys, service, log }, fault)
    },
  })

type Stoppable = Pick<WatchedLog, 'service'> & {
  /** The folder of its keys. */
  readonly keys: string
  readonly log: Pick<ProvenLog, 'stop'>
}

/**
 * A log that is not what was signed takes no append and signs nothing from now on, and the next
 * start verifies all of it before it serves.
 */
export const takeOutOfService = ({ keys, service, log }: Stoppable, fault: Error): void => {
  const at = new Date().toISOString()
  const damage = { at, ...describedFault(fault), detail: fault.message }
  try {
    writeDurably(damageFile(keys, service), `${JSON.stringify(damage, undefined, 2)}\n`)
  } finally {
    log.stop(new LogDamaged(service, fault)) // Also where the disk is full.
  }
}

const describedFault = (fault: Error) =>
  fault instanceof LogRefused
    ? { problem: fault.problem, where: fault.where }
    : { problem: fault.name }

/** A log is not what was signed: it is out of service. */
export class LogDamaged extends Error {
  override name = 'LogDamaged'
  readonly service: string
  readonly fault: Error

  constructor(service: string, fault: Error) {
    const place = fault instanceof LogRefused ? ` (${describeLocation(fault.where)})` : ''
    super(`the log of ${service} is damaged and out of service: ${fault.message}${place}`)
    this.service = service
    this.fault = fault
  }
}

const nothing = { size: 0, checkpoint: '' }
