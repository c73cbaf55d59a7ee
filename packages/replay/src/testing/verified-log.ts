import { createHash } from 'node:crypto'
import { CommitMacs, newMacRecord } from '@jejak/storage/log/commit-mac'
import { openLog, type ProvenLog } from '@jejak/storage/log/open'
import type { Store } from '@jejak/storage/store'
import { generateKey, parseSigner } from '@jejak/transparency/key'
import { startVerification, type VerificationOptions } from '../background.ts'
import type { LogRefused } from '../error.ts'
import type { LogStore } from '../source.ts'

export const service = 'assessment'
const origin = `jejak.example/${service}`

export const openTestLog = (store: Store): Promise<ProvenLog> =>
  openLog({
    ...{ store, origin, macs: new CommitMacs(macs, origin) },
    signer: parseSigner(signingKey),
  })

const macs = newMacRecord()
const signingKey = generateKey(origin)

let made = 0

/** Appends commits of one event each to a hundred streams, many at a time. */
export const appendMany = async (log: ProvenLog, commits: number): Promise<void> => {
  const events = Array.from({ length: commits }, () => {
    const event = { id: `e-${made}`, type: 'jejak.test.Counted.v1', data: { level: 3 } }
    const key = createHash('sha256').update(event.id).digest()
    return log.append({
      ...{ stream: `s/${made++ % 100}`, expected: 'any', events: [event] },
      request: { key, digest: key },
    })
  })
  const refused = (await Promise.all(events)).find(result => 'refused' in result)
  if (refused) throw new Error(JSON.stringify(refused))
}

/** Verifies a log in the background, once; resolves at the end of the pass or with the fault. */
export const verifyOnce = async (
  log: ProvenLog,
  store: LogStore,
  options: Partial<VerificationOptions> = {},
): Promise<{ readonly fault?: LogRefused; readonly verified: number }> => {
  const ended = Promise.withResolvers<LogRefused | undefined>()
  const verification = startVerification({
    ...verifiedFrom(log, store),
    onFault: (_, fault) => ended.resolve(fault),
    onDone: () => ended.resolve(undefined),
    ...options,
  })
  const fault = await ended.promise
  const verified = verification.verified(service)
  await verification.close()
  return { ...(fault && { fault }), verified }
}

export const verifiedFrom = (log: ProvenLog, store: LogStore) => {
  const head = () => {
    const signed = log.head()
    if (!signed) throw new Error('the log is not signed here')
    return signed
  }
  const sources = [{ service, store, vkey: log.vkey, macs, head }]
  return { sources, share: 1, everyMs: 0, missingMaxMs: 500 }
}
