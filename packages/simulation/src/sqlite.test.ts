import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { randomOf } from './random.ts'
import { play } from './scenario.ts'
import { sqliteRestored, sqliteWriter, sqliteWriters } from './sqlite-scenarios.ts'

test.each([sqliteWriter, sqliteWriters, sqliteRestored].map(one => [one.title, one] as const))(
  'every promise is kept when %s',
  { timeout: 30_000 },
  async (_, scenario) => {
    const folder = mkdtempSync(join(tmpdir(), 'jejak-'))
    const found = await play(scenario, {
      folder,
      kills: 3,
      random: randomOf(Date.now()),
      progress: () => {},
    })
    expect(found.violations).toEqual([])
    expect(found.acknowledged).toBeGreaterThan(0)
    expect(found.commits - found.fences).toBe(found.acknowledged)
    rmSync(folder, { recursive: true })
  },
)
