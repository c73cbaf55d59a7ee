import { createServer } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { status } from '@grpc/grpc-js'
import { AssessmentService } from '@jejak/proto/jejak/assessment/v1/assessment'
import { EmployeeService } from '@jejak/proto/jejak/enrollment/v1/employee'
import { HistoryService } from '@jejak/proto/jejak/history/v1/history'
import { ParkedService } from '@jejak/proto/jejak/parked/v1/parked'
import { openLog } from '@jejak/storage/log/open'
import { memoryStore } from '@jejak/storage/memory'
import { generateKey, parseSigner } from '@jejak/transparency/key'
import { describe, expect, onTestFinished, test } from 'vitest'
import { calledAt, connect } from './client.ts'
import { historyRpc } from './history.ts'
import { serve } from './serve.ts'
import { collect, failure, open } from './testing/server.ts'

/** A service that has a log, and nothing else. */
const running = async (service: string) => {
  const signer = parseSigner(generateKey(`jejak.example/${service}`))
  const log = await openLog({ store: memoryStore(), origin: signer.name, signer })
  const server = await serve({
    address: '127.0.0.1:0',
    implementations: [historyRpc(new Map([[service, log]]))],
    authenticate: () => ({ id: service, role: 'service' }),
  })
  onTestFinished(async () => {
    await server.drain(0)
    await log.close()
  })
  return `127.0.0.1:${server.port}`
}

const nowhere = '127.0.0.1:1'

describe('a connection to several services', () => {
  test('calls each where it is: by its package, or as the request names it', async () => {
    const endpoints = {
      enrollment: nowhere,
      assessment: await running('assessment'),
      reporting: await running('reporting'),
    }
    const connection = connect(endpoints)
    onTestFinished(connection.close)
    const history = connection.client(HistoryService)
    for (const log of ['assessment', 'reporting']) {
      expect((await history.getCheckpoint({ log })).checkpoint).toContain(`example/${log}`)
      const pages = []
      for await (const page of history.readLog({ log })) pages.push(page)
      expect(pages).toEqual([])
    }
    const people = await failure(connection.client(EmployeeService).lookUpEmployee({ nip: '' }))
    expect([people.code, calledAt(people)]).toEqual([status.UNAVAILABLE, nowhere])
    const assessments = connection.client(AssessmentService).listAssessments({ asnId: '' })
    const listing = await failure(assessments)
    expect([listing.code, calledAt(listing)]).toEqual([status.UNIMPLEMENTED, endpoints.assessment])
    const parked = connection.client(ParkedService)
    const parking = await failure(parked.getParked({ service: 'reporting', log: 'assessment' }))
    expect(calledAt(parking)).toBe(endpoints.reporting)
  })

  test('refuses to call what it has no address of', async () => {
    const connection = connect({ reporting: nowhere })
    onTestFinished(connection.close)
    const history = connection.client(HistoryService)
    for (const log of ['payroll', 'constructor', '']) {
      const { reason, message } = await failure(history.getCheckpoint({ log }))
      expect([reason, message]).toEqual(['SERVICE_UNKNOWN', expect.stringContaining('reporting')])
    }
  })
})

test('a call that ends without a status, as its server is killed, may be made again', async () => {
  const killed = createServer()
  killed.on('stream', stream => {
    stream.on('error', () => {})
    stream.respond({ ':status': 200, 'content-type': 'application/grpc+proto' })
    stream.end()
  })
  await new Promise<void>(resolve => killed.listen(0, '127.0.0.1', resolve))
  const { port } = killed.address() as AddressInfo
  const connection = connect(`127.0.0.1:${port}`)
  onTestFinished(() => {
    connection.close()
    killed.close()
  })
  const { code } = await failure(connection.client(HistoryService).getCheckpoint({ log: 'a' }))
  expect(code).toBe(status.UNAVAILABLE)
})

test('a connection to one address calls everything there', async () => {
  const { echo } = await open()
  expect(await echo.say({ value: 'a' })).toMatchObject({ value: 'a' })
  expect(await collect(echo.spell({ value: 'ab' }))).toEqual(['a', 'b'])
})
