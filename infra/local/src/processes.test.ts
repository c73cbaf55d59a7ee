import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execPath } from 'node:process'
import { expect, test } from 'vitest'
import { freePorts } from './processes.ts'

const server = (port: number) =>
  `require('node:http').createServer((_, answer) => answer.end()).listen(${port}, '127.0.0.1')`

/** Starts a server in a pack, and lives on. */
const parentOf = (folder: string, port: number) => `
  import { startPack } from ${JSON.stringify(join(import.meta.dirname, 'processes.ts'))}
  const server = ['--eval', ${JSON.stringify(server(port))}]
  const pack = startPack(${JSON.stringify(folder)})
  await pack.start(process.execPath, server, ${JSON.stringify({ log: join(folder, 'log') })})
`

test('a pack and its folder go when the process that started it is killed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'jejak-test-'))
  const [port = 0] = await freePorts(1)
  const answers = () =>
    fetch(`http://127.0.0.1:${port}`).then(
      answer => answer.ok,
      () => false,
    )
  const args = ['--input-type=module', '--eval', parentOf(folder, port)]
  const parent = spawn(execPath, args, { stdio: 'inherit' })
  await expect.poll(answers, { timeout: 5_000 }).toBe(true)
  parent.kill('SIGKILL')
  await expect.poll(answers, { timeout: 5_000 }).toBe(false)
  await expect.poll(() => existsSync(folder), { timeout: 5_000 }).toBe(false)
}, 20_000)
