import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateKey } from '@jejak/transparency/key'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { openSystem } from './system.ts'

const nameOf = (service: string) => `log.example/2026/${service}`
const services = ['enrollment', 'assessment', 'certification', 'reporting']
const keyOf = (service: string) => generateKey(nameOf(service))

describe('signing keys from the environment', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'jejak-'))
  })
  afterEach(() => {
    vi.unstubAllEnvs()
    rmSync(folder, { recursive: true })
  })

  const open = (...keys: readonly string[]) => {
    vi.stubEnv('JEJAK_SIGNING_KEY', keys.join('\n'))
    return openSystem({ data: join(folder, 'data') })
  }

  test('go each to the log that it is named for', async () => {
    const system = await open(...services.map(keyOf))
    expect([...system.logs.values()].map(({ origin }) => origin)).toEqual(services.map(nameOf))
    await system.close()
  })

  test('never sign two logs as one', async () => {
    await expect(open(keyOf('assessment'))).rejects.toThrow(
      'JEJAK_SIGNING_KEY has no key for the log of enrollment: its name must end /enrollment',
    )
  })
})
