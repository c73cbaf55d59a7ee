import { setTimeout as sleep } from 'node:timers/promises'
import { toBinary } from '@bufbuild/protobuf'
import { status } from '@grpc/grpc-js'
import { StatusSchema } from '@jejak/proto/google/rpc/status'
import { describe, expect, test } from 'vitest'
import { authorise } from './authorise.ts'
import { invalid, RpcError, refusedBy, statusOf } from './error.ts'
import { collect, failure, open, texts } from './testing/server.ts'

describe('a call', () => {
  test('is of any of the four kinds', async () => {
    const { echo } = await open()
    expect((await echo.say({ value: 'halo' })).value).toBe('halo')
    expect(await collect(echo.spell({ value: 'abc' }))).toEqual(['a', 'b', 'c'])
    expect((await echo.join(texts('apa', 'kabar'))).value).toBe('apa kabar')
    expect(await collect(echo.chat(texts('a', 'b')))).toEqual(['a!', 'b!'])
  })

  test('goes out and comes back while the stream is open', async () => {
    const { echo } = await open()
    const answers: string[] = []
    async function* replies() {
      yield { value: '1' }
      while (answers.length < 3) await sleep(1)
      yield { value: 'end' }
    }
    async function* pingPong() {
      yield* texts('a', 'b', 'c')
      yield* replies()
    }
    for await (const { value } of echo.chat(pingPong())) answers.push(value)
    expect(answers).toEqual(['a!', 'b!', 'c!', '1!', 'end!'])
  })

  test('needs a token, and one that is known, on every kind', async () => {
    const none = await open({}, { token: '' })
    const error = await failure(none.echo.say({ value: 'x' }))
    expect([error.code, error.reason]).toEqual([status.UNAUTHENTICATED, 'NO_TOKEN'])

    const { echo, serving } = await open({}, { token: 'revoked' })
    const endless = (async function* () {
      for (;;) yield { value: 'x'.repeat(10_000) }
    })()
    const errors = [
      await failure(echo.say({ value: 'x' })),
      await failure(collect(echo.spell({ value: 'x' }))),
      await failure(echo.join(texts('x'))),
      await failure(collect(echo.chat(endless))),
    ]
    expect(errors.map(({ reason }) => reason)).toEqual(Array(4).fill('UNKNOWN_TOKEN'))
    expect(Object.fromEntries(serving.refused())).toEqual({
      'test.v1.EchoService/Say': 1,
      'test.v1.EchoService/Spell': 1,
      'test.v1.EchoService/Join': 1,
      'test.v1.EchoService/Chat': 1,
    })
  })

  test('that has no right is refused, and counted, also where a stream goes on', async () => {
    const { echo, serving } = await open({
      say: async (_, call) => {
        authorise(call, 'enrollment.RegisterEmployee', { agency: 'dinkes' })
        return {}
      },
    })
    const error = await failure(echo.say({ value: 'x' }))
    expect([error.code, error.reason]).toEqual([status.PERMISSION_DENIED, 'NO_RIGHT'])
    expect([...serving.refused()]).toEqual([['test.v1.EchoService/Say', 1]])
  })

  test('carries a correlation id: its own where it is well-formed', async () => {
    const seen: string[] = []
    const { echo } = await open({
      say: async (_, call) => {
        seen.push(call.correlationId)
        return {}
      },
    })
    await echo.say({}, { correlationId: 'batch-7' })
    await echo.say({}, { correlationId: 'not one' })
    await echo.say({})
    expect(seen[0]).toBe('batch-7')
    expect(seen[1]).toMatch(/^[0-9a-f-]{36}$/)
    expect(seen[2]).toMatch(/^[0-9a-f-]{36}$/)
  })
})

describe('an error', () => {
  test('arrives with its details, on every kind of call', async () => {
    const wrong = () =>
      invalid([
        { field: 'person.nip', description: 'must have 18 digits' },
        { field: 'posting.since', description: 'must be a day' },
      ])
    const { echo } = await open({
      say: async () => Promise.reject(wrong()),
      async *spell() {
        yield { value: 'first' }
        const { code, details } = refusedBy('COHORT_FULL', { seats: '30' })
        throw new RpcError(code, 'no seat: ✓ 50 %', details)
      },
      join: async () => Promise.reject(wrong()),
      async *chat(requests) {
        for await (const { value } of requests) {
          if (value === 'bad') throw wrong()
          yield { value }
        }
      },
    })
    for (const error of [
      await failure(echo.say({})),
      await failure(echo.join(texts('x'))),
      await failure(collect(echo.chat(texts('good', 'bad', 'good')))),
    ]) {
      expect(error).toMatchObject({
        code: status.INVALID_ARGUMENT,
        reason: 'INVALID',
        message: 'person.nip: must have 18 digits (and 1 more)',
      })
      expect(error.details[1]).toMatchObject({
        fieldViolations: [{ field: 'person.nip' }, { field: 'posting.since' }],
      })
    }
    const refused = await failure(collect(echo.spell({})))
    expect(refused.message).toBe('no seat: ✓ 50 %')
    expect(refused.details[0]).toMatchObject({ domain: 'jejak', metadata: { seats: '30' } })
  })

  test('that is a bug tells the log, and the caller no more than where to look', async () => {
    const logged: object[] = []
    const { echo } = await open(
      { say: async () => Promise.reject(new Error('nip 198609262015051001')) },
      { logger: { error: fields => logged.push(fields) } },
    )
    const error = await failure(echo.say({}, { correlationId: 'c-1' }))
    expect(error.code).toBe(status.INTERNAL)
    expect(error.message).toBe('internal error; its correlation id is c-1')
    expect(logged).toMatchObject([{ correlationId: 'c-1', method: 'test.v1.EchoService/Say' }])
  })

  test('of a store that is away tells the caller to try again', async () => {
    class Away extends Error {}
    const logged: object[] = []
    const { echo } = await open(
      { say: async () => Promise.reject(new Away('connection 2 closed')) },
      {
        logger: { error: fields => logged.push(fields) },
        isAway: error => error instanceof Away,
      },
    )
    const error = await failure(echo.say({}))
    expect(error.code).toBe(status.UNAVAILABLE)
    expect(error.reason).toBe('TRY_LATER')
    expect(error.message).not.toContain('connection 2')
    expect(logged).toMatchObject([{ err: { message: 'connection 2 closed' } }])
  })

  test('is a bug where an answer is no message of its type', async () => {
    const logged: object[] = []
    const wrong = {
      get value(): string {
        throw new Error('no text')
      },
    }
    const { echo } = await open(
      {
        say: async () => wrong,
        async *spell() {
          yield wrong
        },
      },
      { logger: { error: fields => logged.push(fields) } },
    )
    expect((await failure(echo.say({}))).code).toBe(status.INTERNAL)
    expect((await failure(collect(echo.spell({})))).code).toBe(status.INTERNAL)
    expect(logged).toHaveLength(2)
  })

  test('has room for many violations within what trailers hold', async () => {
    const many = Array.from({ length: 500 }, (_, index) => ({
      field: `assessment.evidence[${index}].sha256`,
      description: 'must be 64 hexadecimal digits: the SHA-256 of the file',
    }))
    const { echo } = await open({ say: async () => Promise.reject(invalid(many)) })
    const error = await failure(echo.say({}))
    expect(error).toMatchObject({ code: status.INVALID_ARGUMENT, reason: 'INVALID' })
    expect(error.details[0]).toMatchObject({ metadata: { violations: '500' } })
    const base64 = Buffer.from(toBinary(StatusSchema, statusOf(error))).toString('base64')
    expect(base64.length).toBeLessThan(8 * 1024)
  })
})
