import { memoryVault } from '@jejak/privacy/memory-vault'
import { memoryProjections } from '@jejak/storage/memory-projections'
import { Validator } from '@seriousme/openapi-schema-validator'
import Fastify, { type FastifyPluginAsync } from 'fastify'
import { Type } from 'typebox'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openQueries } from '../read-model/queries.ts'
import type { Document } from '../testing/conforms.ts'
import { openLogs } from '../testing/read-model.ts'
import type { HttpPorts } from './ports.ts'
import { route } from './route.ts'
import { reportingHttp, serverOptions } from './server.ts'

/** Reports of nobody. A token is that of the region's office. */
const open = async (exports?: FastifyPluginAsync) => {
  const { logs } = await openLogs()
  const store = memoryProjections()
  const http = Fastify(serverOptions)
  onTestFinished(() => http.close())
  const logged: unknown[] = []
  await http.register(
    reportingHttp({
      queries: openQueries({ store, clock: Date.now }),
      store,
      audit: { people: async () => {} },
      today: () => '2026-06-15',
      logs: logs as unknown as HttpPorts['logs'],
      keys: memoryVault(),
      employees: {
        resolve: async ids => ids.map(() => undefined),
        byNip: async () => [],
        successors: async codes => codes,
      },
      authenticate: bearer => (bearer ? { id: 'token', role: 'hr' } : undefined),
      clock: Date.now,
      rebuild: async () => {},
      logger: { error: fields => logged.push(fields) },
      ...(exports && { exports }),
    }),
  )
  await http.ready()
  const get = (url: string) => http.inject({ url, headers: { authorization: 'Bearer hr' } })
  const document = (await http.inject('/openapi.json')).json() as Document
  return { get, document, logged }
}

const plain = route({
  operationId: 'listExports',
  tag: 'exports',
  summary: 'Something',
  answer: Type.Object({ something: Type.String() }),
})

describe('the description of the reports', () => {
  test('is OpenAPI 3.1', async () => {
    const { document } = await open()
    expect(document).toMatchObject({ openapi: '3.1.0' })
    const validator = new Validator()
    expect(await validator.validate(structuredClone(document))).toEqual({ valid: true })
    expect(validator.version).toBe('3.1')
    const broken = { ...document, info: {} }
    expect(await new Validator().validate(broken)).toMatchObject({ valid: false })
  })

  test('has every parameter, answer and problem of every route', async () => {
    const { document } = await open()
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.values(methods).map(operation => ({ path, ...operation })),
    )
    expect(operations).toHaveLength(16)
    for (const { path, responses, ...operation } of operations) {
      expect(operation).toMatchObject({ summary: expect.any(String), security: [{ token: [] }] })
      const { parameters = [] } = operation as { parameters?: { name: string; in: string }[] }
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
      expect(parameters.filter(it => it.in === 'path').map(({ name }) => name)).toEqual(named)
      const statuses = Object.keys(responses)
      expect(statuses).toEqual(expect.arrayContaining(['200', '400', '401', '403', '500', '503']))
      for (const status of statuses.filter(status => status >= '400')) {
        expect(Object.keys(responses[status]?.content ?? {})).toEqual(['application/problem+json'])
      }
    }
  })
})

describe('a route that is added', () => {
  test('is described, and asks for a token, and takes what it says and no more', async () => {
    const { get, document } = await open(async app => {
      app.get('/something', plain, async ({ call }) => ({ something: call.principal.role }))
    })
    expect(document.paths['/v1/something']).toHaveProperty('get')
    expect((await get('/v1/something')).json()).toEqual({ something: 'hr' })
    const { errors } = (await get('/v1/something?else=1')).json()
    const description = 'is not known in the query: it takes none'
    expect(errors).toEqual([{ field: 'else', description }])
  })

  test('that fails says so without its reason, which is logged', async () => {
    const { get, logged } = await open(async app => {
      app.get('/something', plain, async () => {
        throw new Error('198609262015051001 is not there')
      })
    })
    const answer = await get('/v1/something')
    expect(answer.json()).toMatchObject({ status: 500, type: 'urn:jejak:problem:internal' })
    expect(answer.body).not.toContain('1986')
    const { correlationId } = answer.json()
    expect(logged).toMatchObject([{ route: '/v1/something', correlationId }])
  })

  test('that takes too long is given up', async () => {
    const { get } = await open(async app => {
      app.get('/something', { ...plain, handlerTimeout: 20 }, () => new Promise(() => {}))
    })
    const answer = await get('/v1/something')
    expect(answer.json()).toMatchObject({ status: 503, type: 'urn:jejak:problem:too-slow' })
  })
})
