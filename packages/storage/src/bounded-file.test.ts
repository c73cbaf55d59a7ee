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
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { FileRefused, readBounded } from './bounded-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'jejak-bounded-'))
afterAll(() => rmSync(folder, { recursive: true }))
const at = (name: string) => join(folder, name)

describe('a file of others', () => {
  test('is read whole, up to its bound', async () => {
    for (const size of [0, 1, 4_096, 100_000]) {
      writeFileSync(at('file'), Buffer.alloc(size, 7))
      expect(await readBounded(at('file'), size)).toEqual(Buffer.alloc(size, 7))
      if (size === 0) continue
      await expect(readBounded(at('file'), size - 1)).rejects.toThrow(FileRefused)
    }
    symlinkSync(at('file'), at('link'))
    expect(await readBounded(at('link'), 100_000)).toHaveLength(100_000)
  })

  test('that is no file is refused at once: a pipe, a device, a folder, a socket', async () => {
    execFileSync('mkfifo', [at('pipe')])
    mkdirSync(at('folder'))
    symlinkSync('/dev/zero', at('device'))
    symlinkSync('/dev/tty', at('terminal'))
    const server = createServer().listen(at('socket'))
    await new Promise(resolve => server.once('listening', resolve))
    for (const name of ['pipe', 'device', 'folder', 'socket']) {
      await expect(readBounded(at(name), 100)).rejects.toThrow('it is not a regular file')
    }
    await expect(readBounded(at('terminal'), 100)).rejects.toThrow()
    server.close()
  })

  test('that has many terabytes on paper takes no memory and no time', async () => {
    writeFileSync(at('sparse'), '')
    truncateSync(at('sparse'), 2 ** 43)
    await expect(readBounded(at('sparse'), 1_000)).rejects.toThrow(`has ${2 ** 43} bytes`)
  })

  test('that links to itself, or is not there, fails as the system says', async () => {
    symlinkSync(at('loop'), at('loop'))
    await expect(readBounded(at('loop'), 100)).rejects.toMatchObject({ code: 'ELOOP' })
    await expect(readBounded(at('none'), 100)).rejects.toMatchObject({ code: 'ENOENT' })
    await expect(readBounded(at('x'.repeat(300)), 100)).rejects.toMatchObject({
      code: 'ENAMETOOLONG',
    })
  })

  test('that grows while it is read is not read without an end', async () => {
    writeFileSync(at('growing'), Buffer.alloc(1_000))
    let over = false
    const growing = (async () => {
      while (!over) {
        appendFileSync(at('growing'), Buffer.alloc(1_000))
        await new Promise(resolve => setImmediate(resolve))
      }
    })()
    const ends = Array.from({ length: 50 }, () => readBounded(at('growing'), 2 ** 30))
    for (const end of await Promise.allSettled(ends)) {
      if (end.status === 'rejected') expect(end.reason).toBeInstanceOf(FileRefused)
    }
    over = true
    await growing
  })
})
