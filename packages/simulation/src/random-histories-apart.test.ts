// tidy: one stack, which takes 15 s to start, for all of its tests.
import { join } from 'node:path'
import { mongoTokens, tokensDatabase } from '@jejak/access/mongo-tokens'
import { exportingLogs, type Installation } from '@jejak/cli/testing/installation'
import {
  checkAudits,
  checkExport,
  checkServices,
  checkSparing,
  givenHistories,
  type Played,
  playHistories,
} from '@jejak/cli/testing/person-histories'
import { clientsOf } from '@jejak/embedded/testing/testbed'
import { startStack } from '@jejak/local/stack'
import { describeOwnKafka, describeOwnMongo } from '@jejak/local/suites'
import { openMongoSource } from '@jejak/replay/source'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStackStores, untilIdle } from './checks/stack-stores.ts'

const withinMs = 3_600_000

/** Each service in a process of its own. */
const openFourProcesses = async (): Promise<Installation> => {
  const stack = await startStack({ environment: { JEJAK_LOG_LEVEL: 'warn' } })
  const { folder, mongoUrl, endpoints } = stack
  const tokens = await mongoTokens(mongoUrl, tokensDatabase)
  const stores = await openStackStores(mongoUrl)
  const { as, close } = clientsOf(endpoints.grpc)
  return {
    folder,
    http: new URL(endpoints.http).host,
    issue: async grant => {
      const { token, principal } = await tokens.issue(grant)
      return { token, ...principal }
    },
    as: ({ token }) => as(token),
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

const suite = () => {
  let installation: Installation
  let played: Played
  beforeAll(async () => {
    installation = await openFourProcesses()
  }, withinMs)
  afterAll(() => installation.close(), withinMs)

  test(
    'of four services, each a process, say of a person what is true',
    async () => {
      played = await playHistories(
        installation,
        givenHistories({ count: 4, together: 8, stepsMax: 30 }),
      )
      await checkServices(installation, played)
    },
    withinMs,
  )

  test(
    'have the same in the export, in the offline audit, and of who has read whom',
    async () => {
      await checkExport(installation, played)
      await checkAudits(installation, played)
    },
    withinMs,
  )

  test(
    'have a read of the same once an hour',
    async () => {
      await checkSparing(installation)
      expect(played.games.length).toBeGreaterThan(0)
    },
    withinMs,
  )
}

// Both words: the run looks for them, to find what the file needs.
describeOwnMongo('random histories', () => describeOwnKafka('over Kafka and MongoDB', suite))
