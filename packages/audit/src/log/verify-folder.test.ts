import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { LogRefused, LogUnusable } from '@jejak/replay/error'
import {
  at,
  checkpoint,
  exportLog,
  type Files,
  mth,
  note,
  origin,
  vkey,
  withFile,
} from '@jejak/transparency/testing/naive'
import { afterAll, describe, expect, test } from 'vitest'
import { verifyFolder } from './verify-folder.ts'

const root = mkdtempSync(join(tmpdir(), 'jejak-verify-'))
afterAll(() => rmSync(root, { recursive: true }))

const eventText = (i: number, more: object = {}): string =>
  JSON.stringify({
    specversion: '1.0',
    id: `event-${i}`,
    source: origin,
    type: 'test.Happened.v1',
    subject: `stream/${i}`,
    streamversion: 1,
    time: '2026-01-05T01:00:00.000Z',
    datacontenttype: 'application/json',
    data: 'DATA',
    ...more,
  })

/** An event whose data is this text of JSON. */
const event = (i: number, data = '1', more?: object): Buffer =>
  Buffer.from(eventText(i, more).replace('"DATA"', () => data))

/** As large as an entry can be. */
const largest = (i: number): Buffer => event(i, `"${'x'.repeat(65_535 - event(i, '""').length)}"`)

const written = (files: Files): string => {
  const directory = mkdtempSync(join(root, 'log-'))
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), bytes)
  }
  return directory
}

const log = exportLog(Array.from({ length: 300 }, (_, i) => event(i)))

/** What is said of the log, after something was done to its files. */
const verdictOn = async (files: Files, change: (directory: string) => void = () => {}) => {
  const directory = written(files)
  change(directory)
  try {
    return (await verifyFolder(directory, { vkey })).size
  } catch (error) {
    if (error instanceof LogRefused || error instanceof LogUnusable) return error.problem
    throw error
  }
}

const instead = (path: string, make: (path: string) => void) => (directory: string) => {
  rmSync(join(directory, path))
  make(join(directory, path))
}

const paths = [
  'checkpoint',
  'tile/entries/000',
  'tile/entries/001.p/44',
  'tile/0/000',
  'tile/1/000.p/1',
]

describe('a folder that somebody else has made', () => {
  test('is verified', async () => {
    expect(await verdictOn(log)).toBe(300)
  })

  test.each(paths)('is refused at once, with something else than a file for %s', async path => {
    const expected = path === 'checkpoint' ? 'Unreadable' : 'Malformed'
    const others: ((path: string) => void)[] = [
      path => void execFileSync('mkfifo', [path]),
      path => symlinkSync('/dev/zero', path),
      path => void mkdirSync(path),
    ]
    for (const make of others) expect(await verdictOn(log, instead(path, make))).toBe(expected)
    expect(
      await verdictOn(
        log,
        instead(path, path => symlinkSync(path, path)),
      ),
    ).toBe('Unreadable')
  })

  test.each(paths)('is refused, with far more bytes than %s can have', async path => {
    const expected = path === 'checkpoint' ? 'Unreadable' : 'Malformed'
    for (const size of [2 ** 31 - 1, 2 ** 43]) {
      const grown = (directory: string) => truncateSync(join(directory, path), size)
      expect(await verdictOn(log, grown)).toBe(expected)
    }
  })

  test('is refused with a key that is none', async () => {
    const directory = written(log)
    instead('vkey', path => void execFileSync('mkfifo', [path]))(directory)
    await expect(verifyFolder(directory, {})).rejects.toThrow('not a regular file')
  })

  test('costs nothing for a size that is only claimed', async () => {
    const claimed = checkpoint(2 ** 53 - 1, mth([event(0)]))
    expect(await verdictOn(withFile(log, 'checkpoint', Buffer.from(claimed)))).toBe('Missing')
    const nothing: Files = new Map([['checkpoint', Buffer.from(claimed)]])
    expect(await verdictOn(nothing)).toBe('Missing')
  })

  test('may not have a million signatures', async () => {
    const stranger = `— stranger ${Buffer.alloc(68).toString('base64')}\n`
    const signed = at(log, 'checkpoint').toString()
    const some = signed + stranger.repeat(1_000)
    expect(await verdictOn(withFile(log, 'checkpoint', Buffer.from(some)))).toBe('MalformedNote')
    const all = signed + stranger.repeat(1_000_000)
    expect(await verdictOn(withFile(log, 'checkpoint', Buffer.from(all)))).toBe('Unreadable')
    const long = note(`${origin}\n300\n${'A'.repeat(900_000)}\n`)
    expect(await verdictOn(withFile(log, 'checkpoint', Buffer.from(long)))).toBe('MalformedNote')
  })

  test('may have the largest and the deepest entries, and names by the thousand', async () => {
    const deep = `${'['.repeat(32_000)}${']'.repeat(32_000)}`
    const names = Array.from({ length: 6_000 }, (_, i) => `"n${i}":0`).join()
    const entries = [
      ...Array.from({ length: 600 }, (_, i) => largest(i)),
      event(600, deep),
      event(601, `{${names}}`),
    ]
    expect(await verdictOn(exportLog(entries))).toBe(602)
    const twice = [event(0, `{${names},"n5999":0}`), event(0, `{${'"a":0,'.repeat(9_000)}"b":0}`)]
    for (const entry of twice) expect(await verdictOn(exportLog([entry]))).toBe('EntryRefused')
  })

  test('may have streams with names as long as an entry', async () => {
    const entries = Array.from({ length: 300 }, (_, i) => {
      const subject = `${i}/${'s'.repeat(60_000)}`
      return [event(2 * i, '1', { subject }), event(2 * i + 1, '1', { subject, streamversion: 2 })]
    })
    expect(await verdictOn(exportLog(entries.flat()))).toBe(600)
    const gap = event(0, '1', { subject: `0/${'s'.repeat(60_000)}`, streamversion: 4 })
    expect(await verdictOn(exportLog([...entries.flat(), gap]))).toBe('EntryRefused')
  })

  test('may change while it is read: it is refused, or verified as it was', async () => {
    const directory = written(log)
    let over = false
    const growing = (async () => {
      while (!over) {
        appendFileSync(join(directory, 'tile/0/001.p/44'), 'more')
        await new Promise(resolve => setImmediate(resolve))
      }
    })()
    await expect(verifyFolder(directory, { vkey })).rejects.toThrow(LogRefused)
    over = true
    await growing
  })
})
