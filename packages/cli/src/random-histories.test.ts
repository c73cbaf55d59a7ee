import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Installation, openOneProcess } from './testing/installation.ts'
import {
  checkAudits,
  checkExport,
  checkServices,
  checkSparing,
  givenHistories,
  type Played,
  playHistories,
} from './testing/person-histories.ts'

const withinMs = 600_000

let installation: Installation
let played: Played
beforeAll(async () => {
  installation = await openOneProcess()
}, 60_000)
afterAll(() => installation.close())

test(
  'whatever happens to records in whatever order, a person is one',
  async () => {
    played = await playHistories(
      installation,
      givenHistories({ count: 12, together: 1, stepsMax: 70 }),
    )
    await checkServices(installation, played)
  },
  withinMs,
)

test(
  'and so say the export, the offline audit, and the audit of who has read whom',
  async () => {
    await checkExport(installation, played)
    await checkAudits(installation, played)
  },
  withinMs,
)

test(
  'reads of the same are written down once an hour',
  async () => {
    await checkSparing(installation)
    expect(played.games.length).toBeGreaterThan(0)
  },
  withinMs,
)
