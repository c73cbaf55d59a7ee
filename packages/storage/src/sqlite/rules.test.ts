import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { generateKey, parseSigner } from '@jejak/transparency/key'
import { v7 } from 'uuid'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openLog, type ProvenLog } from '../log/open.ts'
import { sqliteStore } from './store.ts'

const origin = 'jejak.example/rules'
const key = generateKey(origin)
const signer = parseSigner(key)

const append = (stream: string, bytes = 10) => ({
  stream,
  expected: 'any' as const,
  events: [{ id: v7(), type: 'test.Happened.v1', data: 'x'.repeat(bytes) }],
})

describe('a rule of the log on node:sqlite:', () => {
  let folder: string
  let path: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'jejak-'))
    path = join(folder, 'log.db')
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const open = async (): Promise<ProvenLog> =>
    openLog({ store: await sqliteStore(path), origin, signer })
  const run = (script: string, ...shell: readonly string[]): ChildProcess => {
    writeFileSync(join(folder, 'run.mjs'), script)
    const node = [process.execPath, join(folder, 'run.mjs')]
    const [command = '', ...args] = [...shell, ...node]
    return spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  }

  test('the event loop goes on while another process holds the lock', async () => {
    const log = await open()
    const holder = run(`
      import { DatabaseSync } from 'node:sqlite'
      const db = new DatabaseSync(${JSON.stringify(path)})
      db.exec('begin immediate')
      console.log('held')
      setTimeout(() => { db.exec('rollback'); console.log('released') }, 2_000)
    `)
    const output: string[] = []
    holder.stdout?.on('data', data => output.push(String(data).trim()))
    await once(holder.stdout as NodeJS.ReadableStream, 'data')
    let ticks = 0
    const ticking = setInterval(() => ticks++, 10)
    expect(await log.append(append('a'))).toMatchObject({ position: 0 })
    clearInterval(ticking)
    expect(output).toEqual(['held', 'released'])
    expect(ticks).toBeGreaterThan(50)
    await log.close()
  })

  test('a slow reader does not keep the WAL from being taken over', async () => {
    const log = await open()
    await Promise.all(Array.from({ length: 800 }, () => log.append(append('old', 1_000))))
    let walBytesMax = 0
    let written = 0
    for await (const { entries } of log.read(0)) {
      if (written > 60_000_000) break
      expect(entries.length).toBeLessThan(800) // Several pages, or the reader is never slow.
      for (let i = 0; i < 20; i++) {
        await Promise.all(Array.from({ length: 20 }, () => log.append(append('new', 50_000))))
        written += 20 * 50_000
        walBytesMax = Math.max(walBytesMax, statSync(`${path}-wal`).size)
      }
    }
    expect(written).toBeGreaterThan(30_000_000)
    expect(walBytesMax).toBeLessThan(16_000_000)
    await log.close()
  })

  test('what a killed writer left in the WAL is on the disk before an answer', async () => {
    const log = await open()
    await log.append(append('a'))
    for (const end of ['', '-wal']) copyFileSync(`${path}${end}`, `${path}.killed${end}`)
    await log.close()
    expect(statSync(`${path}.killed-wal`).size).toBeGreaterThan(0)
    const store = await sqliteStore(`${path}.killed`)
    expect(statSync(`${path}.killed-wal`).size).toBe(0)
    expect((await store.last())?.number).toBe(1)
    await store.close()
  })

  test('a log is not opened while its WAL can not be taken over', { timeout: 20_000 }, async () => {
    const log = await open()
    await log.append(append('a'))
    const reader = new DatabaseSync(path, { readOnly: true })
    reader.exec('begin')
    reader.prepare('select count(*) from commits').get()
    await log.append(append('a'))
    await expect(sqliteStore(path)).rejects.toThrow('busy')
    reader.close()
    await log.close()
  })

  test('a failed write ends the log: one answer is unknown, then it is closed', async () => {
    const script = `
      import { openLog } from ${JSON.stringify(import.meta.resolve('../log/open.ts'))}
      import { sqliteStore } from ${JSON.stringify(import.meta.resolve('./store.ts'))}
      import { parseSigner } from ${JSON.stringify(import.meta.resolve('@jejak/transparency/key'))}
      const signer = parseSigner('${key}')
      const store = await sqliteStore(${JSON.stringify(path)})
      const answers = []
      const onStop = () => answers.push('stop')
      const log = await openLog({ store, origin: '${origin}', signer, onStop })
      while (answers.at(-1) !== 'Closed' && answers.length < 50) {
        const events = [{ id: 'x', type: 'test.Happened.v1', data: 'x'.repeat(50_000) }]
        const answer = await log.append({ stream: 'a', expected: 'any', events })
        answers.push(answer.refused ?? 'stored')
      }
      await log.close()
      console.log(JSON.stringify(answers))
    `
    // No file may grow past a megabyte: SQLite then sees the I/O error of a failing disk.
    const child = run(script, 'sh', '-c', 'ulimit -f 2000; exec "$@"', 'sh')
    const exit = once(child, 'exit')
    const answers: string[] = JSON.parse(await text(child.stdout as NodeJS.ReadableStream))
    expect(await Promise.race([exit, sleep(5_000, 'it hangs')])).toEqual([0, null])
    const acknowledged = answers.filter(answer => answer === 'stored').length
    expect(acknowledged).toBeGreaterThan(5)
    expect(answers.slice(acknowledged)).toEqual(expect.arrayContaining(['Unknown', 'Closed']))
    const log = await open()
    expect([acknowledged, acknowledged + 1]).toContain(await log.size())
    await log.close()
  })

  test('a reader stops at a gap, however wide it is', async () => {
    const log = await open()
    await Promise.all(Array.from({ length: 900 }, () => log.append(append('a'))))
    const db = new DatabaseSync(path)
    db.exec('drop trigger no_delete; delete from commits where c between 201 and 800')
    db.close()
    const read = async () => {
      for await (const _ of log.read(0));
    }
    await expect(read()).rejects.toThrow('commit 201 at position 200 is missing or misplaced')
    await log.close()
    await expect(open()).rejects.toThrow(
      'commit 801 at position 800 is not the next: 201 at 200 is',
    )
  })
})
