// tidy: one stack, which takes 15 s to start, for all of its tests.
import { execFile, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Bench } from '@jejak/cli/testing/process'
import { pythonPackages } from '@jejak/local/downloads'
import { type Stack, startStack } from '@jejak/local/stack'
import { serviceNames } from '@jejak/local/stack-environment'
import { describeOwnKafka, describeOwnMongo } from '@jejak/local/suites'
import { HistoryService } from '@jejak/proto/jejak/history/v1/history'
import { connect } from '@jejak/rpc/client'
import { remoteLog } from '@jejak/rpc/history-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { stableHistories } from './testing/stable-histories.ts'

/** Three hundred people over four services, brokers beside them, on a machine that may be busy. */
const startMs = 600_000
const run = promisify(execFile)
const root = fileURLToPath(new URL('../../..', import.meta.url))
const thirdParty = join(root, 'packages/demo/third-party')
const startMain = join(root, 'packages/demo/src/main.ts')

/** A build server that lost its tools must not stay green. */
const isMissing = (tool: string) =>
  process.env['CI'] !== 'true' && spawnSync(tool, ['--help']).error !== undefined

const suite = () => {
  const bench = new Bench()
  let stack: Stack
  let page = ''
  const tokenOf = (role: string) =>
    new RegExp(`^${role} (\\S+)$`, 'm').exec(
      readFileSync(join(stack.folder, 'keys', 'tokens'), 'utf8'),
    )?.[1] ?? ''

  beforeAll(async () => {
    stack = await startStack({ environment: { JEJAK_LOG_LEVEL: 'warn' } })
    const where = ['--endpoints', stack.endpointsFile, '--mongo', stack.mongoUrl]
    const tokens = ['--tokens-file', join(stack.folder, 'keys', 'tokens')]
    const demo = ['--data', bench.path('demo'), ...where, ...tokens]
    page = (await run(process.execPath, [startMain, ...demo])).stdout
  }, startMs)
  afterAll(async () => {
    await stack.stop()
    bench.remove()
  }, startMs)

  /** The same scenario in one process, for as long as it is asked. */
  const embedded = async <T>(ask: (http: string, token: string) => Promise<T>): Promise<T> => {
    const listens = ['--grpc', '127.0.0.1:0', '--http', '127.0.0.1:0']
    const child = spawn(process.execPath, [startMain, '--data', bench.path('one'), ...listens])
    try {
      let output = ''
      for await (const text of child.stderr) {
        output += text
        const [, http] = /HTTP on (\S+)/.exec(output) ?? []
        if (!http) continue
        const tokens = readFileSync(bench.path('one.keys/tokens'), 'utf8')
        return await ask(`http://${http}`, /^auditor (\S+)$/m.exec(tokens)?.[1] ?? '')
      }
      throw new Error(output)
    } finally {
      child.kill('SIGTERM')
      await once(child, 'close')
    }
  }

  test('ends with the histories that one process ends with', { timeout: startMs }, async () => {
    expect(page).toContain('103 of 130 participants have one')
    const apart = await stableHistories(stack.endpoints.http, tokenOf('auditor'))
    expect(apart).toHaveLength(300)
    expect(apart).toEqual(await embedded(stableHistories))
  })

  const remote = async <T>(service: string, ask: (log: ReturnType<typeof remoteLog>) => T) => {
    const connection = connect(stack.endpoints.grpc, { token: tokenOf('auditor') })
    try {
      return await ask(remoteLog(connection.client(HistoryService), service))
    } finally {
      connection.close()
    }
  }

  const runPython = async (packages: string, program: string, ...args: string[]) => {
    const env = { ...process.env, PYTHONPATH: packages }
    const options = { env, maxBuffer: 64 * 1024 * 1024 }
    return (await run('python3', [join(thirdParty, program), ...args], options)).stdout
  }

  describe.skipIf(isMissing('python3'))('read with Python', () => {
    const kafkaAndMongo = 'python-kafka-2.12.1-mongo-4.15.4'
    const python = async (program: string, ...args: string[]) =>
      runPython(
        await pythonPackages(kafkaAndMongo, join(thirdParty, 'requirements.txt')),
        ...[program, ...args],
      )

    test.each(serviceNames)(
      'has the log of %s in Kafka, byte for byte',
      async service => {
        const topic = await python('topic.py', stack.kafka.brokers, `jejak.${service}.v1`)
        const records = topic
          .split('\n')
          .filter(Boolean)
          .map(line => JSON.parse(line))
          .toSorted((a, b) => a.headers.position - b.headers.position)
        const stored = await remote(service, async log => {
          const entries: string[] = []
          for await (const page of log.read(0))
            entries.push(...page.entries.map(entry => Buffer.from(entry).toString('base64')))
          return entries
        })
        expect(stored.length).toBeGreaterThan(0)
        expect(records.map(({ value }) => value)).toEqual(stored)
        for (const [position, { key, value, headers }] of records.entries()) {
          const event = JSON.parse(Buffer.from(value, 'base64').toString())
          expect(event).toMatchObject({ specversion: '1.0', subject: key })
          expect(headers).toEqual({
            'content-type': 'application/cloudevents+json; charset=UTF-8',
            log: service,
            position: String(position),
            streamversion: String(event.streamversion),
          })
        }
      },
      startMs,
    )

    test.each(serviceNames)(
      'has the log of %s in MongoDB, without a hole',
      async service => {
        const events = await python('log.py', stack.mongoUrl, `jejak-${service}`)
        expect(Number(events)).toBe(await remote(service, log => log.size()))
      },
      startMs,
    )
  })

  test.skipIf(isMissing('python3'))(
    'is called by reflection, by a client that is not ours',
    async () => {
      const requirements = join(root, 'packages/embedded/third-party/requirements.txt')
      const packages = await pythonPackages('python-grpc-1.85.1', requirements)
      for (const service of serviceNames) {
        const method = 'jejak.history.v1.HistoryService/GetCheckpoint'
        const to = [stack.endpoints.grpc[service], tokenOf('auditor')]
        const called = await runPython(
          packages,
          'reflect.py',
          ...to,
          method,
          `{"log":"${service}"}`,
        )
        const { services, health, answer } = JSON.parse(called)
        expect(services).toContain('jejak.history.v1.HistoryService')
        expect(health).toEqual({ status: 'SERVING' })
        expect(answer.checkpoint).toContain(`jejak.localhost/${service}\n`)
      }
    },
    startMs,
  )
}

// Both words: the run looks for them, to find what the file needs.
describeOwnMongo('the scenario of npm start', () =>
  describeOwnKafka('over four services, each a process', suite),
)
