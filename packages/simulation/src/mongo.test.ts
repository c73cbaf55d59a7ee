import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeOwnMongo } from '@jejak/local/suites'
import { expect, test } from 'vitest'
import {
  mongoCareless,
  mongoPrimary,
  mongoRestored,
  mongoServer,
  mongoWriter,
} from './mongo-scenarios.ts'
import { randomOf } from './random.ts'
import { play } from './scenario.ts'

describeOwnMongo('on MongoDB', () => {
  test.each(
    [mongoWriter, mongoServer, mongoPrimary, mongoRestored].map(one => [one.title, one] as const),
  )('every promise is kept when %s', { timeout: 60_000 }, async (_, scenario) => {
    const folder = mkdtempSync(join(tmpdir(), 'jejak-'))
    const found = await play(scenario, {
      folder,
      kills: 2,
      random: randomOf(Date.now()),
      progress: () => {},
    })
    expect(found.violations).toEqual([])
    expect(found.acknowledged).toBeGreaterThan(0)
    expect(found.commits - found.fences).toBe(found.acknowledged)
    rmSync(folder, { recursive: true })
  })

  test('a broken promise is found when a writer takes the word of one server', {
    timeout: 60_000,
  }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'jejak-'))
    const world = { folder, kills: 1, random: randomOf(Date.now()), progress: () => {} }
    const { violations } = await play(mongoCareless, world)
    expect(violations).toContainEqual(expect.stringContaining('was acknowledged and is not there'))
    rmSync(folder, { recursive: true })
  })
})
