import { randomUUID } from 'node:crypto'
import { appendFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { rememberErasures } from './erasures.ts'
import { sqliteVault } from './sqlite-vault.ts'

const folder = mkdtempSync(join(tmpdir(), 'jejak-'))
afterAll(() => rmSync(folder, { recursive: true }))

const wrapping = Buffer.alloc(32, 7)
const nip = '199001012015012001'
const other = '199001012015012002'

const open = async (name: string, file = 'erased') =>
  rememberErasures(await sqliteVault(join(folder, `${name}.db`), wrapping), join(folder, file))

describe('whoever was erased', () => {
  test('stays so in a vault that is restored from before', async () => {
    const [erased, stays, later] = [randomUUID(), randomUUID(), randomUUID()]
    const vault = await open('vault')
    for (const [subject, number] of [
      [erased, nip],
      [stays, other],
      [later, '3'],
    ] as const) {
      await vault.create(subject)
      await vault.reserve(number, subject)
    }
    await vault.close()
    cpSync(join(folder, 'vault.db'), join(folder, 'backup.db'))
    const again = await open('vault')
    await again.erase(erased)
    await again.close()
    appendFileSync(join(folder, 'erased'), `\n${stays.slice(0, 20)}`) // As a kill leaves it.
    const onward = await open('vault')
    await onward.erase(later)
    await onward.close()
    const restored = await open('backup')
    expect(await restored.keys([erased, later])).toEqual(['erased', 'erased'])
    expect(await restored.keys([stays])).toEqual([expect.objectContaining({ subject: stays })])
    expect(await restored.find(nip)).toBeUndefined()
    expect(await restored.find(other)).toBe(stays)
    await restored.close()
  })

  test.each(['lost.db', 'lost'])('is not answered for once %s is gone', async file => {
    const [before, after] = [randomUUID(), randomUUID()]
    const vault = await open('lost', 'lost')
    for (const subject of [before, after]) await vault.create(subject)
    await vault.erase(before)
    rmSync(join(folder, file))
    await expect(vault.erase(after)).rejects.toThrow(`${file} was deleted or moved`)
    await vault.close()
    for (const part of ['lost', 'lost.db']) rmSync(join(folder, part), { force: true })
  })
})

describe('a vault whose file is gone', () => {
  test('makes no key any more', async () => {
    const vault = await sqliteVault(join(folder, 'gone.db'), wrapping)
    await vault.create(randomUUID())
    rmSync(join(folder, 'gone.db'))
    await expect(vault.create(randomUUID())).rejects.toThrow('gone.db was deleted or moved')
    await expect(vault.reserve(nip, randomUUID())).rejects.toThrow('gone.db was deleted or moved')
    await vault.close()
  })
})
