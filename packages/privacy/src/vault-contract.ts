// tidy: one suite, which every adapter passes as a whole.

import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { refuseErased, type SubjectKey, type Vault } from './vault.ts'

/** One place for a vault, at first empty. */
export type VaultHarness = {
  /** Opens it again, as another process would. */
  readonly open: () => Promise<Vault>
  /** Copies what is stored; the answer puts the copy back. No vault is open meanwhile. */
  readonly copy: () => Promise<() => Promise<void>>
  readonly remove: () => Promise<void>
}

const nip = '198503302010011003'
const otherNip = '199001012015042001'

const isKey = (key: unknown): key is SubjectKey => typeof key === 'object' && key !== null
const keyOf = async (vault: Pick<Vault, 'create'>, subject: string): Promise<SubjectKey> => {
  const key = await vault.create(subject)
  if (!isKey(key)) throw new Error(`${subject} is erased`)
  return key
}
const hexOf = ({ key }: SubjectKey) => Buffer.from(key).toString('hex')

type Given = {
  readonly vault: () => Vault
  readonly other: () => Vault
  /** Ends the processes that have it open, and lets something happen before the next has. */
  readonly reopen: (meanwhile?: () => Promise<void>) => Promise<void>
  readonly copy: VaultHarness['copy']
}

/** The behaviour of every vault, in any store. */
export const vaultContract = (name: string, harness: () => Promise<VaultHarness>) => {
  describe(`a vault on ${name}`, () => {
    let at: VaultHarness
    let vault: Vault
    let other: Vault
    const open = async () => {
      vault = await at.open()
      other = await at.open()
    }
    const close = () => Promise.all([vault.close(), other.close()])
    beforeEach(async () => {
      at = await harness()
      await open()
    })
    afterEach(async () => {
      await close()
      await at.remove()
    })
    const given: Given = {
      vault: () => vault,
      other: () => other,
      copy: () => at.copy(),
      async reopen(meanwhile) {
        await close()
        await meanwhile?.()
        await open()
      },
    }
    makesKeys(given)
    erases(given)
    outlivesCopies(given)
    holdsNips(given)
  })
}

const makesKeys = ({ vault, other, reopen }: Given) => {
  const subject = randomUUID()

  test('makes one key for a subject, and keeps it', async () => {
    const made = await keyOf(vault(), subject)
    expect(made).toMatchObject({ subject, keyId: expect.stringMatching(/^[0-9a-f-]{36}$/) })
    expect(made.key).toHaveLength(32)
    expect(hexOf(await keyOf(other(), subject))).toBe(hexOf(made))
    await reopen()
    const [kept] = await vault().keys([subject])
    expect(kept).toMatchObject({ subject, keyId: made.keyId })
    expect(hexOf(kept as SubjectKey)).toBe(hexOf(made))
  })

  test('gives all who ask at once the same key', async () => {
    const asked = Array.from({ length: 20 }, (_, at) => keyOf(at % 2 ? vault() : other(), subject))
    expect(new Set((await Promise.all(asked)).map(hexOf)).size).toBe(1)
  })

  test('answers in the order of the subjects, each with its own', async () => {
    const [first, second, unknown, erased] = Array.from({ length: 4 }, () => randomUUID())
    if (!first || !second || !unknown || !erased) throw new Error('four')
    const keys = await Promise.all([first, second].map(one => keyOf(vault(), one)))
    await vault().erase(erased)
    const asked = [second, unknown, erased, first, second]
    for (const reader of [vault(), other(), vault()]) {
      const answers = await reader.keys(asked)
      expect(answers.map(key => (isKey(key) ? key.subject : key))).toEqual([
        second,
        undefined,
        'erased',
        first,
        second,
      ])
      expect(hexOf(answers[0] as SubjectKey)).toBe(hexOf(keys[1] as SubjectKey))
    }
    expect(await vault().keys([])).toEqual([])
  })
}

const erases = ({ vault, other, reopen }: Given) => {
  const subject = randomUUID()

  test('has no key for an erased subject, ever again', async () => {
    await keyOf(vault(), subject)
    await vault().keys([subject]) // Remembers it.
    await vault().erase(subject)
    await vault().erase(subject)
    expect(await vault().keys([subject])).toEqual(['erased'])
    expect(await vault().create(subject)).toBe('erased')
    expect(await other().create(subject)).toBe('erased')
    await reopen()
    expect(await vault().keys([subject])).toEqual(['erased'])
    expect(await vault().create(subject)).toBe('erased')
  })

  test('erases one that it never knew, so that it is never made', async () => {
    await vault().erase(subject)
    expect(await vault().create(subject)).toBe('erased')
  })

  test('ends erased, whoever creates meanwhile', async () => {
    const creates = Array.from({ length: 10 }, (_, at) => (at % 2 ? vault() : other()))
    const [erased] = await Promise.all([
      vault().erase(subject),
      ...creates.map(one => one.create(subject)),
    ])
    expect(erased).toBeUndefined()
    expect(await vault().keys([subject])).toEqual(['erased'])
    expect(await other().create(subject)).toBe('erased')
  })

  test('forgets the NIPs of an erased subject, and lets others have them', async () => {
    const [bystander, successor] = [randomUUID(), randomUUID()]
    await vault().reserve(nip, subject)
    await vault().reserve(otherNip, bystander)
    await vault().erase(subject)
    expect(await vault().find(nip)).toBeUndefined()
    expect(await vault().find(otherNip)).toBe(bystander)
    expect(await other().reserve(nip, successor)).toBe(successor)
  })

  test('reserves nothing for an erased subject', async () => {
    const holder = randomUUID()
    await vault().reserve(otherNip, holder)
    await vault().erase(subject)
    expect(await vault().reserve(nip, subject)).toBe(subject)
    expect(await vault().find(nip)).toBeUndefined()
    expect(await vault().takeOver(otherNip, holder, subject)).toBe(false)
    expect(await vault().find(otherNip)).toBe(holder)
  })
}

const outlivesCopies = ({ vault, reopen, copy }: Given) => {
  test('erases again what an older copy has restored, and nothing else', async () => {
    const [erased, lost, kept] = [randomUUID(), randomUUID(), randomUUID()]
    await vault().reserve(nip, erased)
    const key = await keyOf(vault(), kept)
    await keyOf(vault(), erased)
    let restore = async () => {}
    await reopen(async () => {
      restore = await copy()
    })
    await keyOf(vault(), lost) // Not in the copy: neither is its erasure.
    await vault().erase(erased)
    await vault().erase(lost)
    await reopen(() => restore())
    expect(isKey((await vault().keys([erased]))[0])).toBe(true)
    const log = [erased, lost]
    expect(await refuseErased(vault(), log)).toBe(2)
    expect(await vault().keys(log)).toEqual(['erased', 'erased'])
    expect(await vault().create(lost)).toBe('erased')
    expect(await vault().find(nip)).toBeUndefined()
    expect(hexOf((await vault().keys([kept]))[0] as SubjectKey)).toBe(hexOf(key))
    expect(await refuseErased(vault(), log)).toBe(0)
  })
}

const holdsNips = ({ vault, other, reopen }: Given) => {
  test('gives a NIP to the first who asks', async () => {
    const [first, second] = [randomUUID(), randomUUID()]
    expect(await vault().find(nip)).toBeUndefined()
    expect(await vault().reserve(nip, first)).toBe(first)
    expect(await other().reserve(nip, second)).toBe(first)
    expect(await vault().reserve(nip, first)).toBe(first)
    expect(await vault().reserve(otherNip, first)).toBe(first)
    await reopen()
    expect(await vault().find(nip)).toBe(first)
    expect(await vault().find(otherNip)).toBe(first)
  })

  test('tells all who ask at once of one holder', async () => {
    const subjects = Array.from({ length: 20 }, () => randomUUID())
    const holders = await Promise.all(
      subjects.map((subject, at) => (at % 2 ? vault() : other()).reserve(nip, subject)),
    )
    expect(new Set(holders).size).toBe(1)
    expect(subjects).toContain(holders[0])
    expect(await vault().find(nip)).toBe(holders[0])
  })

  test('keeps a NIP reserved that came before the key', async () => {
    const subject = randomUUID()
    await vault().reserve(nip, subject)
    expect(await vault().keys([subject])).toEqual([undefined])
    const [key] = await Promise.all([keyOf(vault(), subject), other().reserve(otherNip, subject)])
    expect(await vault().find(nip)).toBe(subject)
    expect(hexOf(await keyOf(other(), subject))).toBe(hexOf(key))
  })

  test('moves a reservation from who holds it, once', async () => {
    const [holder, first, second] = [randomUUID(), randomUUID(), randomUUID()]
    await vault().reserve(nip, holder)
    expect(await vault().takeOver(nip, first, second)).toBe(false)
    expect(await vault().takeOver(otherNip, holder, first)).toBe(false)
    const moved = await Promise.all([
      vault().takeOver(nip, holder, first),
      other().takeOver(nip, holder, second),
    ])
    expect([...moved].sort()).toEqual([false, true])
    expect(await vault().find(nip)).toBe(moved[0] ? first : second)
    expect(await vault().reserve(otherNip, holder)).toBe(holder)
  })
}
