import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Stack, startStack } from './stack.ts'
import { describeOwnKafka, describeOwnMongo } from './suites.ts'

const testMs = 120_000
const mainOf = () => join(import.meta.dirname, 'stack-fixture.ts')

const suite = () => {
  const lines: string[] = []
  let stack: Stack
  beforeAll(async () => {
    const environment = { JEJAK_LOG_LEVEL: 'warn' }
    const say = (line: string) => lines.push(line)
    stack = await startStack({ mainOf, environment, supervised: true, say })
  }, testMs)
  afterAll(() => stack.stop(), testMs)

  const ask = async (path: string): Promise<Record<string, string>> =>
    (await fetch(`${stack.endpoints.http}${path}`)).json() as Promise<Record<string, string>>

  test('tells each service where it is, whom it asks and what they share', async () => {
    const { grpc } = stack.endpoints
    expect(await ask('/env')).toMatchObject({
      JEJAK_MONGO_URL: stack.mongoUrl,
      JEJAK_KAFKA: stack.kafka.brokers,
      JEJAK_KAFKA_REPLICAS: '1',
      JEJAK_LISTEN_GRPC: grpc.reporting,
      JEJAK_LISTEN_HTTP: new URL(stack.endpoints.http).host,
      JEJAK_ENROLLMENT: grpc.enrollment,
      JEJAK_ASSESSMENT: grpc.assessment,
      JEJAK_CERTIFICATION: grpc.certification,
      JEJAK_LOG_LEVEL: 'warn',
    })
    expect(JSON.parse(await readFile(stack.endpointsFile, 'utf8'))).toEqual(stack.endpoints)
    const { JEJAK_SERVICE_TOKEN_FILE: file = '' } = await ask('/env')
    expect((await readFile(file, 'utf8')).trim().length).toBeGreaterThanOrEqual(32)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
  })

  test('starts a service again that ended by itself, and says so', async () => {
    const { reporting } = stack.services
    const { pid } = reporting
    await ask('/end').catch(() => {})
    await expect
      .poll(() => ask('/env').catch(() => ({})), { timeout: 20_000 })
      .toHaveProperty('PATH')
    expect(reporting.pid).not.toBe(pid)
    expect(lines.join()).toContain('reporting ended by itself: code 3')
  }, 30_000)

  test('leaves one alone that was killed or stopped, until it is asked to start it', async () => {
    const { certification, assessment } = stack.services
    const before = lines.length
    await certification.kill()
    expect(await assessment.stop()).toBe('code 0')
    expect([certification.running, assessment.running]).toEqual([false, false])
    for (const service of [certification, assessment]) await service.restart()
    expect([certification.running, assessment.running]).toEqual([true, true])
    expect(lines).toHaveLength(before)
    expect(await readFile(join(stack.folder, 'assessment.log'), 'utf8')).toContain('finished')
  }, 30_000)
}

// Both words: the run looks for them, to find what the file needs.
describeOwnMongo('a stack', () => describeOwnKafka('of four services', suite))

describeOwnMongo('a stack that ended', () =>
  describeOwnKafka('because it was stopped or did not start', () => {
    test(
      'leaves nothing behind, and says why it did not start',
      async () => {
        const environment = { STACK_FIXTURE_FAILS: 'yes' }
        const failure = await startStack({ mainOf, environment }).then(String, String)
        expect(failure).toContain('enrollment ended by itself')
        expect(failure).toContain('it can not start')
        expect(existsSync(/\S+(?=.enrollment\.log)/.exec(failure)?.[0] ?? '.')).toBe(false)
      },
      testMs,
    )
  }),
)
