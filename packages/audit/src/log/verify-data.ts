import { progressBar } from '@jejak/cli/terminal/progress'
import { keysFolder, servicesIn } from '@jejak/storage/data-folder'
import type { OldNote } from '@jejak/transparency/audit'
import { Unusable } from '../error.ts'
import { Checker } from './entry-checker.ts'
import { headsOf, logKey, openHead } from './heads.ts'
import { refuseFault, walk } from './replay.ts'
import { openData, type Source } from './source.ts'
import type { VerifiedLog } from './verify-folder.ts'

/** The services to verify: the one named, or all that have a log in the folder. */
export const servicesToVerify = (data: string, service: string | undefined): string[] => {
  if (service !== undefined) return [service]
  let found: string[]
  try {
    found = servicesIn(data)
  } catch {
    throw new Unusable('NoFolder', `there is no data folder ${data}`)
  }
  if (found.length > 0) return found
  throw new Unusable('NoLog', `no service has a log in ${data}: is it the right folder?`)
}

export type VerifyData = {
  readonly data: string
  readonly service: string
  readonly keys: string | undefined
  readonly vkey: string | undefined
  readonly against: readonly OldNote[]
}

/** Verifies a log where it is kept: makes everything again from the bytes of its events. */
export const verifyData = async (options: VerifyData): Promise<VerifiedLog> => {
  const { data, service, keys } = options
  const source = await openData(data, service)
  try {
    return await verifySource(source, keysFolder(data, keys), options)
  } finally {
    await source.close()
  }
}

const verifySource = async (source: Source, keys: string, options: VerifyData) => {
  const { vkey, against } = options
  const key = logKey(vkey ?? source.identity.vkey, vkey ? '--vkey' : source.file)
  const signed = await headsOf(source, key, keys)
  const older = against.map(old => openHead(old.note.toString(), old.file, old.key ?? key))
  const last = await source.last()
  const bar = progressBar(`verifying ${source.service}`, last ? last.position + last.count : 0)
  const checker = new Checker(key.name)
  try {
    const heads = [...signed, ...older]
    const walked = await walk({ source, checker, heads, visitor: { progress: bar.to } })
    const streams = Number(await checker.end())
    refuseFault(checker, source)
    const { size, root } = walked
    return {
      log: source.file,
      origin: key.name,
      size,
      root: root.toString('base64'),
      keyId: key.id,
      keySource: vkey ? 'given' : 'directory',
      streams,
      against: older.map(head => head.size),
      unsigned: size - Math.max(...signed.map(head => head.size)),
    } as const
  } finally {
    bar.stop()
    await checker.stop()
  }
}
