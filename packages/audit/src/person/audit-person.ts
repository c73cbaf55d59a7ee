import { aboutOf } from '@jejak/history/about'
import { clocksApart } from '@jejak/history/causes'
import { historyOf } from '@jejak/history/history'
import { referenceOf } from '@jejak/history/reference'
import { LogUnusable } from '@jejak/replay/error'
import type { Progress } from '@jejak/replay/replay'
import { auditText } from '@jejak/texts/audit'
import { checkCertificates } from './certificate-check.ts'
import { compareExport } from './export-check.ts'
import { type GivenKey, openExportedLogs } from './exported-logs.ts'
import { gather } from './gather.ts'
import { checkHistory } from './history-check.ts'
import { proveEvents } from './proof.ts'
import { compareReceipt, type GivenReceipt } from './receipt-check.ts'
import type { AuditReport } from './report.ts'

export type PersonAudit = {
  /** Exported logs. */
  readonly folders: readonly string[]
  /** Keys of the logs from a trusted place. Without one, the key in the folder is used. */
  readonly keys: readonly GivenKey[]
  /** A receipt to compare with the logs. */
  readonly receipt?: GivenReceipt | undefined
  /** The folder of an export (of rows) to compare with the logs. */
  readonly export?: string | undefined
  /** The history as of this day (default: today). */
  readonly asOf?: string | undefined
  /** The history as known at this moment (default: now). */
  readonly knownAt?: string | undefined
  /** Called while a folder is verified. */
  readonly progress?: Progress
}

/** Audits what exported logs have about a person, each event proven under its log's head. */
export const auditPerson = async (asnId: string, options: PersonAudit): Promise<AuditReport> => {
  const { folders, keys, receipt, asOf, knownAt, progress } = options
  const opened = await openExportedLogs(folders, keys, progress)
  const { logs } = opened
  const found = await gather(logs, asnId)
  const facts = found.map(({ fact }) => fact)
  if (logs.length > 0 && !facts.some(aboutOf) && !receipt) {
    throw new LogUnusable('NobodyThere', auditText({ key: 'nobody', values: { asnId } }))
  }
  const reference = referenceOf(facts)
  const now = Date.now()
  const query = { now, ...(asOf && { asOf }), ...(knownAt && { knownAt }) }
  const { proven, findings } = await proveEvents(logs, found)
  return {
    asnId,
    logs,
    events: proven,
    history: historyOf([asnId], facts, reference, query),
    clocks: clocksApart(facts, { now, knownAt }),
    findings: [
      ...opened.findings,
      ...findings,
      ...checkHistory(logs, facts, historyOf([asnId], facts, reference, { now })),
      ...(await checkCertificates(logs, found, reference)),
      ...(receipt ? await compareReceipt(receipt, logs, found) : []),
      ...(options.export ? await compareExport(options.export, keys, logs, found) : []),
    ],
  }
}
