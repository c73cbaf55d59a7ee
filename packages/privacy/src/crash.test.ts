import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { catalogue } from '@jejak/eventsourcing/catalogue'
import { decode } from '@jejak/eventsourcing/entry'
import { openLog } from '@jejak/storage/log/open'
import { sqliteStore } from '@jejak/storage/sqlite/store'
import { generateKey, parseSigner } from '@jejak/transparency/key'
import { Type } from 'typebox'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { commitment, type SealedField, sealing, unseal } from './seal.ts'
import { sqliteVault } from './sqlite-vault.ts'

const origin = 'jejak.example/crash'
const signingKey = generateKey(origin)
const wrappingKey = randomBytes(32)
const registered = Type.Object({ subject: Type.String(), person: Type.Unknown() })
const events = catalogue('crash', { Registered: { version: 1, schema: registered } })

const module = (name: string) => JSON.stringify(import.meta.resolve(name))

/** Registers persons, eight at a time, and is killed right after a key was acknowledged. */
const script = (folder: string, killAt: number) => `
import { randomUUID } from 'node:crypto'
import { writeSync } from 'node:fs'
import { transactor } from ${module('@jejak/eventsourcing/transact')}
import { openLog } from ${module('@jejak/storage/log/open')}
import { sqliteStore } from ${module('@jejak/storage/sqlite/store')}
import { parseSigner } from ${module('@jejak/transparency/key')}
import { commitment, plain, sealing } from ${module('./seal.ts')}
import { sqliteVault } from ${module('./sqlite-vault.ts')}

const wrappingKey = Buffer.from('${wrappingKey.toString('hex')}', 'hex')
const vault = await sqliteVault('${folder}/vault.db', wrappingKey)
const origin = '${origin}'
const signer = parseSigner('${signingKey}')
const log = await openLog({ store: await sqliteStore('${folder}/log.db'), origin, signer })
const codec = {
  encode: ({ type, ...data }, id) => ({ id, type: 'jejak.crash.Registered.v1', data }),
  lift: () => undefined,
}
const { transact } = transactor(log, { initial: 0, evolve: {} }, sealing(codec, origin))
const say = (...words) => writeSync(1, words.join(' ') + '\\n')
let created = 0
const register = async () => {
  for (;;) {
    const subject = randomUUID()
    await vault.reserve('nip of ' + subject, subject)
    const key = await vault.create(subject)
    say('created', subject, commitment(key))
    if (++created === ${killAt}) process.kill(process.pid, 'SIGKILL')
    const event = { type: 'Registered', subject, person: plain(key, { name: subject }) }
    await transact({ stream: 'employee/' + subject, decide: () => [event] })
    say('appended', subject)
  }
}
await Promise.all(Array.from({ length: 8 }, register))
`

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'jejak-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** The lines of output of a process until it was killed. */
const killed = async (killAt: number): Promise<readonly (readonly string[])[]> => {
  writeFileSync(join(folder, 'run.mjs'), script(folder, killAt))
  const stdio = ['ignore', 'pipe', 'inherit'] as const
  const child = spawn(process.execPath, [join(folder, 'run.mjs')], { stdio: [...stdio] })
  const [output, [, signal]] = await Promise.all([text(child.stdout), once(child, 'exit')])
  expect(signal).toBe('SIGKILL')
  return output.split('\n').map(line => line.split(' '))
}

test('a process killed between key and event loses nothing that it acknowledged', async () => {
  const lines: (readonly string[])[] = []
  for (const killAt of [1, 20, 101]) lines.push(...(await killed(killAt)))
  const created = lines.filter(([word]) => word === 'created')
  const appended = lines.filter(([word]) => word === 'appended').map(([, subject]) => subject)
  expect(created.length).toBeGreaterThan(appended.length)
  expect(appended.length).toBeGreaterThan(50)

  const vault = await sqliteVault(join(folder, 'vault.db'), wrappingKey)
  for (const [, subject = '', committed] of created) {
    const key = await vault.create(subject)
    if (key === 'erased') throw new Error('erased')
    expect(commitment(key)).toBe(committed)
    expect(await vault.find(`nip of ${subject}`)).toBe(subject)
  }
  const store = await sqliteStore(join(folder, 'log.db'))
  const log = await openLog({ store, origin, signer: parseSigner(signingKey) })
  const stored: string[] = []
  const { lift } = sealing(events, origin)
  for await (const { entries } of log.read(0)) {
    for (const entry of entries) {
      const { subject, person } = lift(decode(entry), entry) as {
        subject: string
        person: SealedField
      }
      const [key] = await vault.keys([subject])
      if (!key) throw new Error(`${decode(entry).subject} can't be read`)
      expect(unseal(person, key)).toEqual({ name: subject })
      stored.push(subject)
    }
  }
  expect(stored).toEqual(expect.arrayContaining(appended))
  await log.close()
  await vault.close()
}, 60_000)
