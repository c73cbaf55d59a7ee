// tidy: one stack, which takes 15 s to start, for all of its tests.
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { status } from '@grpc/grpc-js'
import { mongoTokens, tokensDatabase } from '@jejak/access/mongo-tokens'
import { exportingLogs, type Installation } from '@jejak/cli/testing/installation'
import { testHistories } from '@jejak/cli/testing/person-histories'
import { type Clients, clientsOf, registerFixtureAssessors } from '@jejak/embedded/testing/testbed'
import { startStack } from '@jejak/local/stack'
import { describeOwnKafka, describeOwnMongo } from '@jejak/local/suites'
import { openMongoSource } from '@jejak/replay/source'
import { RpcError } from '@jejak/rpc/error'
import { expect } from 'vitest'
import { openStackStores, untilIdle } from './checks/stack-stores.ts'

const withinMs = 3_600_000

/** Each service in a process of its own. */
const openFourProcesses = async (): Promise<Installation> => {
  const stack = await startStack({ environment: { JEJAK_LOG_LEVEL: 'warn' } })
  const { folder, mongoUrl, endpoints } = stack
  const tokens = await mongoTokens(mongoUrl, tokensDatabase)
  const stores = await openStackStores(mongoUrl)
  const { as, close } = clientsOf(endpoints.grpc)
  const hr = await tokens.issue({ role: 'hr' })
  await registerFixtureAssessors(patient(as(hr.token)))
  return {
    folder,
    http: new URL(endpoints.http).host,
    issue: async grant => {
      const { token, principal } = await tokens.issue(grant)
      return { token, ...principal }
    },
    as: ({ token }) => patient(as(token)),
    settled: async () => expect(await untilIdle(stores)).toEqual([]),
    exportLogs: () =>
      exportingLogs(join(folder, 'exported'), join(folder, 'keys'), service =>
        openMongoSource(mongoUrl, service),
      ),
    now: Date.now,
    pass: () => {}, // Their clocks are those of the machine.
    close: async () => {
      close()
      await stores.close()
      await tokens.close()
      await stack.stop()
    },
  }
}

const transient: readonly status[] = [status.UNAVAILABLE, status.ABORTED, status.RESOURCE_EXHAUSTED]
const againAfterMs = 200

/** Unary calls are sent again, the same, for as long as a busy machine has no answer for them. */
const patient = (clients: Clients): Clients => {
  const retrying = <Answer>(call: () => Promise<Answer>): Promise<Answer> => {
    const answer = call()
    if (!(answer instanceof Promise)) return answer
    return answer.catch(async error => {
      if (!(error instanceof RpcError && transient.includes(error.code))) throw error
      await sleep(againAfterMs)
      return retrying(call)
    })
  }
  type Call = (...asked: unknown[]) => Promise<unknown>
  const patiently = (client: object) =>
    new Proxy(client as Record<string, Call>, {
      get:
        (calls, name: string): Call =>
        (...asked) =>
          retrying(() => calls[name]?.(...asked) as Promise<unknown>),
    })
  const { connection, ...services } = clients
  const each = Object.entries(services).map(([name, client]) => [name, patiently(client)])
  return { connection, ...Object.fromEntries(each) }
}

const suite = () =>
  testHistories(openFourProcesses, { count: 4, together: 8, stepsMax: 30 }, withinMs)

// Both words: the run looks for them, to find what the file needs.
describeOwnMongo('random histories', () => describeOwnKafka('over Kafka and MongoDB', suite))
