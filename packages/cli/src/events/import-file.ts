import { type FileHandle, open, stat } from 'node:fs/promises'
import { type DataLog, openDataLog, originsIn } from '@jejak/embedded/data-log'
import { refuseStrayHeads } from '@jejak/service-log/given-heads'
import type { ProvenLog } from '@jejak/storage/log/open'
import { importText } from '@jejak/texts/imports'
import { CommandFailed } from '../terminal/exit.ts'
import { progressBar } from '../terminal/progress.ts'
import { Appender, type AppendResult } from './appender.ts'
import { parseLine } from './cloudevent.ts'
import { type FileLine, lineBytesMax, readLines } from './lines.ts'
import { RejectedLines } from './rejected-lines.ts'

export type Imported = {
  readonly service: string
  readonly origin: string
  readonly vkey: string
  readonly lines: number
  readonly added: number
  /** Lines that the log had already, with the same content. */
  readonly repeated: number
  readonly rejected: number
  /** The file of rejected lines, if there are any. */
  readonly rejects?: string
  /** The size of the log after the import. */
  readonly size: number
  readonly checkpoint: string
}

export type ImportFile = Omit<DataLog, 'writer' | 'check'> & {
  readonly file: string
  readonly rejects: string
  /** Called for each rejected line, in their order. */
  readonly onReject: (line: number, reason: string) => void
  /** Called with the log while it is open. */
  readonly after?: (log: ProvenLog) => Promise<void>
}

/** Appends the CloudEvents of a file to a log that no service writes. Repeated, it adds nothing. */
export const importFile = async (options: ImportFile): Promise<Imported> => {
  const file = await open(options.file, 'r').catch(error => {
    const values = { why: error.message }
    throw new CommandFailed('Unreadable', importText({ key: 'unreadable', values }))
  })
  try {
    if ((await file.stat()).isDirectory()) {
      const values = { path: options.file }
      throw new CommandFailed('Unreadable', importText({ key: 'folder', values }))
    }
    await keepApart(file, options)
    // Loaded only here: compiling the schemas doubles the start time of any other command.
    const { checkKnown: check } = await import('@jejak/events/check')
    const { heads = [], service } = options
    if (heads.length > 0) refuseStrayHeads(heads, await originsIn(options, [service]))
    const log = await openDataLog({ ...options, writer: 'import', check })
    try {
      const imported = await fill(log, file, options)
      await options.after?.(log)
      return imported
    } finally {
      await log.close()
    }
  } finally {
    await file.close()
  }
}

/** The rejects replace the file at their path: it must not be the file of events. */
const keepApart = async (file: FileHandle, { rejects }: ImportFile): Promise<void> => {
  const there = await stat(rejects).catch(() => undefined)
  const { dev, ino } = await file.stat()
  if (there && there.dev === dev && there.ino === ino) {
    const values = { path: rejects }
    throw new CommandFailed('BadRejects', importText({ key: 'same-file', values }))
  }
}

const fill = async (log: ProvenLog, file: FileHandle, options: ImportFile): Promise<Imported> => {
  const rejects = new RejectedLines(options.rejects, options.onReject)
  let [lines, added, repeated] = [0, 0, 0]
  const appender = new Appender<FileLine>(log, (line, result) => {
    lines++
    const reason = reasonOf(result)
    if (reason !== undefined) rejects.add(line, reason)
    else if ((result as { repeated: boolean }).repeated) repeated++
    else added++
  })
  const bar = progressBar(importText('bar'), (await file.stat()).size)
  try {
    for await (const { lines, offset } of readLines(file)) {
      for (const line of lines) await put(appender, line)
      bar.to(offset)
    }
    await appender.end()
    rejects.end()
  } finally {
    bar.stop()
  }
  return {
    service: options.service,
    origin: log.origin,
    vkey: log.vkey,
    lines,
    added,
    repeated,
    rejected: rejects.count,
    ...(rejects.count > 0 && { rejects: rejects.path }),
    size: await log.size(),
    checkpoint: log.head()?.checkpoint ?? '',
  }
}

const put = async (appender: Appender<FileLine>, line: FileLine): Promise<void> => {
  if (!line.bytes) {
    return appender.put(line, importText({ key: 'too-long', values: { most: lineBytesMax } }))
  }
  const bytes = trimmed(line)
  if (bytes.length === 0) return // An empty line is no event.
  const parsed = parseLine(bytes)
  return appender.put({ ...line, bytes }, 'reason' in parsed ? parsed.reason : parsed.append)
}

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf])
const space = [0x20, 0x09, 0x0d]

/** Without the byte order mark and the white space that an editor or another system adds. */
const trimmed = ({ number, bytes = Buffer.of() }: FileLine): Buffer => {
  let start = number === 1 && bytes.subarray(0, 3).equals(byteOrderMark) ? 3 : 0
  let end = bytes.length
  while (start < end && space.includes(bytes[start] as number)) start++
  while (end > start && space.includes(bytes[end - 1] as number)) end--
  return bytes.subarray(start, end)
}

const reasonOf = (result: AppendResult | string): string | undefined => {
  if (typeof result === 'string') return result
  if (!('refused' in result)) return undefined
  if (result.refused === 'KeyReused') return importText('id-reused')
  // Never with `any`.
  if (result.refused === 'VersionConflict') return importText('stream-moved')
  return result.violations
    .map(({ field, description }) => `${named(field)}: ${description}`)
    .join('; ')
}

/** A field of the append, by its name in the line. */
const named = (field: string): string =>
  field === 'stream' ? 'subject' : field.replace(/^events\[0\]\.?(attributes\.)?/, '') || 'event'
