import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { goProgram } from '@jejak/local/downloads'
import { describeMongo } from '@jejak/local/suites'
import { openLog } from '@jejak/storage/log/open'
import { mongoStore } from '@jejak/storage/mongo/store'
import { generateKey, parseSigner } from '@jejak/transparency/key'
import { MongoClient } from 'mongodb'
import { afterAll, describe, expect, test } from 'vitest'
import { Bench, lines } from './testing/process.ts'

const bench = new Bench()
afterAll(() => bench.remove())

const thirdParty = fileURLToPath(new URL('../../transparency/third-party', import.meta.url))
const hasGo = spawnSync('go', ['version']).status === 0

describe.skipIf(!hasGo && process.env['CI'] !== 'true')('the Go implementation', () => {
  test('accepts what the command exports', async () => {
    const service = ['--service', 'assessment']
    await bench.run('log', 'import', bench.write('events.jsonl', lines(700)), ...service)
    const { root } = await bench.json('log', 'export', 'export', ...service)
    const program = await goProgram(thirdParty)
    const { stdout } = spawnSync(program, [bench.path('export')], { encoding: 'utf8' })
    expect(stdout).toBe(`ok 700 ${root}\n`)
  }, 120_000)
})

describeMongo('a log on MongoDB', ({ url }) => {
  const service = `t-${randomUUID()}`
  const database = `jejak-${service}`

  afterAll(async () => {
    const client = new MongoClient(url)
    await client.db(database).dropDatabase()
    await client.close()
  })

  test('is exported and described without its key, and not made by being asked for', async () => {
    const mongo = ['--mongo', url, '--service', service]
    expect(await bench.json('log', 'stat', ...mongo)).toMatchObject({ status: 2, problem: 'NoLog' })
    const origin = 'log.example/assessment'
    const signer = parseSigner(generateKey(origin))
    const log = await openLog({ store: await mongoStore(url, database), origin, signer })
    const events = Array.from({ length: 300 }, () => {
      const event = { id: randomUUID(), type: 'Tested', data: {} }
      return log.append({ stream: `s-${event.id}`, expected: 0, events: [event] })
    })
    await Promise.all(events)
    await log.close()
    const exported = await bench.json('log', 'export', 'mongo', ...mongo)
    expect(exported).toMatchObject({ status: 0, size: 300, origin, vkey: signer.vkey })
    const verified = await bench.json('log', 'verify', 'mongo', '--vkey', 'mongo/vkey')
    expect(verified).toMatchObject({ status: 0, size: 300, streams: 300, root: exported.root })
    expect(await bench.json('log', 'stat', ...mongo)).toMatchObject({ size: 300, streams: 300 })
  })
})
