import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeOwnKafka, describeOwnMongo } from '@jejak/local/suites'
import { describe, expect, test } from 'vitest'
import { randomOf } from '../workload/random.ts'
import { type Control, controlsOn, fencesWithoutMacs, onMongo, onSqlite } from './controls.ts'
import {
  mongoPrimaryKilled,
  mongoRestoredFromBackup,
  mongoServerKilled,
  mongoStartsKilled,
  mongoWeakWriteConcern,
  mongoWriterKilled,
  mongoWritersKilled,
} from './mongo.ts'
import { npmStartKilled } from './npm-start.ts'
import { runScenario, type Scenario } from './scenario.ts'
import { servicesKilled } from './services.ts'
import {
  sqliteRestoredFromBackup,
  sqliteStartsKilled,
  sqliteWriterKilled,
  sqliteWritersKilled,
} from './sqlite.ts'
import { stackScenario } from './stack.ts'
import { deleteTopics, killServices, strikeBrokers } from './stack-faults.ts'

const verdictOf = async (scenario: Scenario, kills: number) => {
  const folder = mkdtempSync(join(tmpdir(), 'jejak-'))
  const random = randomOf(Date.now())
  const found = await runScenario(scenario, { folder, kills, random, progress: () => {} })
  rmSync(folder, { recursive: true })
  return found
}

const keepEveryPromise = (scenarios: readonly Scenario[], kills: number) =>
  test.each(scenarios.map(one => [one.title, one] as const))(
    'every promise is kept when %s',
    { timeout: 120_000 },
    async (_, scenario) => {
      const found = await verdictOf(scenario, kills)
      expect(found.violations).toEqual([])
      expect(found.acknowledged).toBeGreaterThan(0)
      expect(found.commits - found.fences).toBe(found.acknowledged)
    },
  )

const findBrokenRules = (controls: readonly Control[]) =>
  test.each(controls.map(one => [one.title, one] as const))(
    'a broken rule ends the writer, and is found, when %s',
    { timeout: 120_000 },
    async (_, control) => {
      const [ended, ...violations] = (await verdictOf(control, 0)).violations
      expect(ended).toContain(control.ends)
      expect(violations).toContainEqual(expect.stringContaining(control.finds))
    },
  )

describe('on node:sqlite', () => {
  keepEveryPromise([sqliteWriterKilled, sqliteWritersKilled, sqliteRestoredFromBackup], 3)
  keepEveryPromise([sqliteStartsKilled], 4)
  findBrokenRules(controlsOn(onSqlite))
})

test('every promise is kept, and all is as if nothing had been, when all services are killed', {
  timeout: 120_000,
}, async () => {
  const { violations, acknowledged, receipts } = await verdictOf(servicesKilled, 3)
  expect(violations).toEqual([])
  expect(acknowledged).toBeGreaterThan(0)
  expect(receipts).toBeGreaterThan(acknowledged)
})

test('npm start comes to the same end, and no receipt is lost, when it is killed on its way', {
  timeout: 120_000,
}, async () => {
  const { violations, acknowledged } = await verdictOf(npmStartKilled, 3)
  expect(violations).toEqual([])
  expect(acknowledged).toBe(1_340) // Every row that is not refused.
})

describeOwnMongo('on MongoDB', () => {
  keepEveryPromise(
    [
      mongoWriterKilled,
      mongoWritersKilled,
      mongoServerKilled,
      mongoPrimaryKilled,
      mongoStartsKilled,
      mongoRestoredFromBackup,
    ],
    2,
  )
  findBrokenRules([...controlsOn(onMongo), fencesWithoutMacs])

  test('a broken promise is found when a writer takes the word of one server', {
    timeout: 120_000,
  }, async () => {
    const { violations } = await verdictOf(mongoWeakWriteConcern, 1)
    expect(violations).toContainEqual(expect.stringContaining('was acknowledged and is not there'))
  })
})

/** One scenario for what would otherwise need a stack each. */
const stack = stackScenario({
  title: 'a service and Kafka are killed, and topics are deleted',
  faults: [killServices, strikeBrokers, deleteTopics],
})

// Both words: the run looks for them, to find what the file needs.
describeOwnMongo('on MongoDB', () =>
  describeOwnKafka('and Kafka', () => {
    test(`every promise is kept, and all is as in one process, when ${stack.title}`, {
      timeout: 300_000,
    }, async () => {
      const { violations, acknowledged, receipts } = await verdictOf(stack, 1)
      expect(violations).toEqual([])
      expect(acknowledged).toBeGreaterThan(0)
      expect(receipts).toBeGreaterThan(acknowledged)
    })
  }),
)
