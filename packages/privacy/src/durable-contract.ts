import { randomBytes, randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { SubjectKey, Vault } from './vault.ts'
import type { VaultHarness } from './vault-contract.ts'
import { VaultAltered, WrongWrappingKey } from './wrapping.ts'

/** A vault that is stored somewhere, where others may see and change it. */
export type DurableHarness = Omit<VaultHarness, 'open'> & {
  readonly open: (wrappingKey?: Uint8Array) => Promise<Vault>
  /** All that is stored. */
  readonly stolen: () => Promise<Buffer>
  readonly wrapped: (subject: string) => Promise<Buffer>
  /** Gives two subjects each the other's row. */
  readonly swap: (one: string, other: string) => Promise<void>
}

const nip = '198503302010011003'

/** The data that a vault hides from a thief of its store who lacks the wrapping key. */
export const durableContract = (name: string, harness: () => Promise<DurableHarness>) => {
  describe(`a stolen vault on ${name}`, () => {
    const subject = randomUUID()
    let at: DurableHarness
    let vault: Vault
    beforeEach(async () => {
      at = await harness()
      vault = await at.open()
    })
    afterEach(async () => {
      await vault.close()
      await at.remove()
    })

    test('has neither keys nor NIPs', async () => {
      const { key } = (await vault.create(subject)) as SubjectKey
      await vault.reserve(nip, subject)
      const stolen = await at.stolen()
      expect(stolen.includes(subject)).toBe(true)
      const secrets = [Buffer.from(key), Buffer.from(nip), Buffer.from(BigInt(nip).toString(16))]
      for (const secret of secrets) {
        for (const spelled of ['latin1', 'hex', 'base64'] as const) {
          expect(stolen.includes(secret.toString(spelled), 0, 'latin1')).toBe(false)
        }
      }
    })

    test('opens with its own wrapping key only', async () => {
      await vault.create(subject)
      await expect(at.open(randomBytes(32))).rejects.toThrow(WrongWrappingKey)
      await expect(at.open(randomBytes(32))).rejects.toThrow(/made with another wrapping key/)
      await expect(at.open(randomBytes(16))).rejects.toThrow('a wrapping key has 32 bytes')
      const again = await at.open()
      expect(await again.keys([subject])).toEqual([await vault.create(subject)])
      await again.close()
    })

    test("does not pass one subject's key for another's", async () => {
      const other = randomUUID()
      await vault.create(subject)
      await vault.create(other)
      await at.swap(subject, other)
      await expect(vault.keys([subject])).rejects.toThrow(VaultAltered)
      await expect(vault.create(other)).rejects.toThrow(VaultAltered)
      expect(await vault.create(randomUUID())).toHaveProperty('key')
    })

    test('has nothing left of an erased key', async () => {
      // Many, for one row alone is written over by what takes its place.
      const subjects = Array.from({ length: 60 }, () => randomUUID())
      await Promise.all(subjects.map(one => vault.create(one)))
      const erased = subjects.filter((_, at) => at % 3 === 0)
      const wrapped = await Promise.all(erased.map(one => at.wrapped(one)))
      const left = async () => {
        const stolen = await at.stolen()
        return wrapped.filter(key => stolen.includes(key)).length
      }
      expect(await left()).toBe(erased.length)
      await Promise.all(erased.map(one => vault.erase(one)))
      expect(await left()).toBe(0)
    })
  })
}
