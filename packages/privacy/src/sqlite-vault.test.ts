import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { groupCommit } from './sqlite-vault.ts'

describe('writes that come together', () => {
  let folder: string
  let db: DatabaseSync
  let write: ReturnType<typeof groupCommit>
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'jejak-'))
    db = new DatabaseSync(join(folder, 'x.db'), { timeout: 0 })
    db.exec('pragma journal_mode = wal; create table t (n integer) strict')
    write = groupCommit(db)
  })
  afterEach(() => {
    if (db.isOpen) db.close()
    rmSync(folder, { recursive: true })
  })
  const insert = (n: number) => () => {
    db.prepare('insert into t values (?)').run(n)
    return n
  }
  const stored = () =>
    db
      .prepare('select n from t')
      .all()
      .map(({ n }) => n)

  test('are each answered, and one that fails by itself fails alone', async () => {
    const refused = () => {
      throw new RangeError('not mine')
    }
    const answers = await Promise.allSettled([write(insert(1)), write(refused), write(insert(3))])
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(stored()).toEqual([1, 3])
  })

  test('are all refused while another process writes, and can be tried again', async () => {
    const other = new DatabaseSync(join(folder, 'x.db'))
    other.exec('begin immediate')
    const refused = await Promise.allSettled([write(insert(1)), write(insert(2))])
    expect(refused.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    other.exec('rollback')
    other.close()
    expect(await write(insert(1))).toBe(1)
    expect(stored()).toEqual([1])
  })

  test('are all refused after a failure that leaves open what is stored', async () => {
    const broken = write(() => db.exec('insert into nowhere values (1)'))
    const together = write(insert(1))
    await expect(broken).rejects.toThrow('no such table')
    await expect(together).rejects.toThrow('no such table')
    await expect(write(insert(2))).rejects.toThrow('no such table')
    expect(stored()).toEqual([])
  })
})
