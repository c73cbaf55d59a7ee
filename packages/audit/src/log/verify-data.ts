import { EntryCheckThread } from '@jejak/replay/entry-check-thread'
import { LogUnusable } from '@jejak/replay/error'
import { logKey, openHead } from '@jejak/replay/heads'
import type { Progress } from '@jejak/replay/replay'
import { replayToEnd } from '@jejak/replay/replay-to-end'
import { type LogSource, openDataSource } from '@jejak/replay/source'
import { keysFolder, servicesIn } from '@jejak/storage/data-folder'
import { auditText } from '@jejak/texts/audit'
import type { OldNote } from '@jejak/transparency/audit'
import { commitMacs, signedHeads } from './signed-heads.ts'
import type { LogVerification } from './verify-folder.ts'

/** The services to verify: the given one, or all that have a log in the folder. */
export const servicesToVerify = (data: string, service: string | undefined): string[] => {
  if (service !== undefined) return [service]
  let found: string[]
  try {
    found = servicesIn(data)
  } catch {
    const detail = auditText({ key: 'no-data-folder', values: { path: data } })
    throw new LogUnusable('NoFolder', detail)
  }
  if (found.length > 0) return found
  const detail = auditText({ key: 'no-log-in-folder', values: { path: data } })
  throw new LogUnusable('NoLog', detail)
}

export type VerifyDataOptions = {
  readonly data: string
  readonly service: string
  readonly keys: string | undefined
  readonly vkey: string | undefined
  readonly against: readonly OldNote[]
  readonly progress?: Progress | undefined
}

/** Verifies a log in its store: rebuilds everything from the bytes of its events. */
export const verifyData = async (options: VerifyDataOptions): Promise<LogVerification> => {
  const { data, service, keys } = options
  const source = await openDataSource(data, service)
  try {
    return await verifySource(source, keysFolder(data, keys), options)
  } finally {
    await source.close()
  }
}

const verifySource = async (source: LogSource, keys: string, options: VerifyDataOptions) => {
  const { vkey, against, progress } = options
  const key = logKey(vkey ?? source.identity.vkey, vkey ? '--vkey' : source.file)
  const signed = await signedHeads(source, key, keys)
  const older = against.map(old => openHead(old.note.toString(), old.file, old.key ?? key))
  const macs = commitMacs(source, keys)
  const last = await source.last()
  const total = last ? last.position + last.count : 0
  const { size, root, streams } = await replayToEnd({
    ...{ source, macs, heads: [...signed, ...older] },
    check: new EntryCheckThread(key.name),
    progress: done => progress?.(done, total),
  })
  return {
    log: source.file,
    origin: key.name,
    size,
    root: root.toString('base64'),
    keyId: key.id,
    keySource: vkey ? 'given' : 'directory',
    streams,
    macs: macs ? 'checked' : 'unchecked',
    against: older.map(head => head.size),
    unsigned: size - Math.max(...signed.map(head => head.size)),
  } as const
}
