import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { openStoredLog } from '@jejak/replay/source'
import { openHeadFile } from '@jejak/storage/log/head'
import { openLog } from '@jejak/storage/log/open'
import { signerOf } from '@jejak/storage/log/signer'
import { sqliteReader, sqliteStore } from '@jejak/storage/sqlite/store'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openServiceLog, type ServiceLog, type VerificationCause } from './service-log.ts'

const service = 'assessment'
let folder: string
let keys: string
let causes: VerificationCause[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'jejak-'))
  keys = join(folder, 'keys')
  causes = []
})
afterEach(() => rmSync(folder, { recursive: true }))

const file = () => join(folder, 'log.db')
const own = (kind: string) => join(keys, `${service}.${kind}`)

const identity = async () => {
  if (!existsSync(file())) return undefined
  const db = new DatabaseSync(file(), { readOnly: true })
  try {
    return await sqliteReader(db).identity()
  } finally {
    db.close()
  }
}

const open = async (more: Partial<ServiceLog> = {}) => {
  const onVerification: ServiceLog['onVerification'] = ({ cause, progress }) => {
    if (!progress) causes.push(cause)
  }
  return openServiceLog(
    { service, keys, writer: 'service', onVerification, ...more },
    {
      place: file(),
      identity,
      openStore: () => sqliteStore(file()),
      openSource: () => openStoredLog({ sqlite: file() }, service),
    },
  )
}

type Log = Awaited<ReturnType<typeof open>>

const append = async (log: Pick<Log, 'append'>, count: number) => {
  for (let i = 0; i < count; i++) {
    const events = [{ id: `${i}`, type: 'test.Happened.v1', data: {} }]
    const request = { key: Buffer.alloc(16, i), digest: Buffer.alloc(8, i) }
    const result = await log.append({ stream: `s${i}`, expected: 'any', events, request })
    expect(result).not.toHaveProperty('refused')
  }
}

/** A log with some events, closed. */
const made = async (count = 20) => {
  const log = await open()
  await append(log, count)
  await log.close()
}

/** A log as it was made before there were MACs. */
const madeBefore = async (count = 20) => {
  const signer = signerOf({ keys, service, known: undefined, isNew: true })
  const [store, head] = [await sqliteStore(file()), openHeadFile(own('head'))]
  const log = await openLog({ store, origin: signer.name, signer, head })
  await append(log, count)
  await log.close()
  edit('alter table commits drop column mac')
}

/** As somebody who has the file, and not the keys. */
const edit = (sql: string) => {
  const db = new DatabaseSync(file())
  db.exec('drop trigger if exists no_update; drop trigger if exists no_delete')
  db.exec(sql)
  db.close()
}

describe('a log that is made', () => {
  test('has a head and a MAC key before its first answer, and opens again', async () => {
    const log = await open()
    expect(readFileSync(own('head'), 'utf8')).toMatch(/^jejak.localhost\/assessment\n0\n/)
    expect(existsSync(own('mac'))).toBe(true)
    await log.close()
    await (await open()).close()
    expect(causes).toEqual([])
  })

  test.each([
    ['behind the last', "21, 20, 1, 'forged', 1, null, null, e, null, null, null"],
    ['with the MAC of another', "21, 20, 1, 'forged', 1, null, null, e, null, null, mac"],
  ])('is not opened with a row %s that nobody wrote', async (_, values) => {
    await made()
    edit(`insert into commits select ${values} from commits where c = 1`)
    await expect(open()).rejects.toThrow('commit 21 ')
  })

  test('stops at a row that is put under it while it runs', async () => {
    const stopped = Promise.withResolvers<unknown>()
    const log = await open({ onStop: stopped.resolve })
    await append(log, 3)
    edit(`insert into commits select 4, 3, 1, 'forged', 1, null, null, e, null, null, null
          from commits where c = 1`)
    const events = [{ id: 'next', type: 'test.Happened.v1', data: {} }]
    expect(await log.append({ stream: 'other', expected: 0, events })).toHaveProperty('refused')
    expect(String(await stopped.promise)).toContain('commit 4 has no MAC')
    expect(log.head()?.size).toBe(3)
    await log.close()
  })

  test('answers no retry from a row that is not as it was written', async () => {
    await made(300)
    edit('update commits set kd = zeroblob(8) where c = 8')
    const stopped = Promise.withResolvers<unknown>()
    const log = await open({ onStop: stopped.resolve })
    const events = [{ id: 'again', type: 'test.Happened.v1', data: {} }]
    const request = { key: Buffer.alloc(16, 7), digest: Buffer.alloc(8, 0) }
    const result = await log.append({ stream: 's7', expected: 'any', events, request })
    expect(result).toHaveProperty('refused')
    expect(String(await stopped.promise)).toContain('commit 8 ')
    await log.close()
  })

  test.each(['update commits set mac = null', 'update commits set kd = null where c = 5'])(
    'is refused where it is verified before a start: %s',
    async sql => {
      await made(300)
      edit(sql)
      writeFileSync(own('damaged'), '{}')
      await expect(open()).rejects.toThrow('CommitForged')
      expect(causes).toEqual(['damaged'])
    },
  )
})

describe('a log of before there were MACs', () => {
  test('is verified once as a whole, and goes on with MACs', async () => {
    await madeBefore()
    await made(0)
    expect(causes).toEqual(['no-macs'])
    const log = await open()
    await append(log, 0)
    expect(await log.size()).toBe(20)
    const next = { id: 'next', type: 'test.Happened.v1', data: {} }
    await log.append({ stream: 'other', expected: 0, events: [next] })
    await log.close()
    edit('update commits set mac = null')
    await expect(open()).rejects.toThrow('commit 21 has no MAC')
  })

  test('has its old commits bound from then on, request keys too', async () => {
    await madeBefore(300)
    await made(0)
    edit('update commits set k = null, kd = null where c = 7')
    writeFileSync(own('damaged'), '{}')
    await expect(open()).rejects.toThrow('CommitForged')
  })

  test('opens once its file is back: a start that did not find it has kept nothing', async () => {
    await madeBefore()
    renameSync(file(), `${file()}.elsewhere`)
    await expect(open()).rejects.toThrow('it has 0 events, but 20 were signed for')
    renameSync(`${file()}.elsewhere`, file())
    await (await open()).close()
    expect(causes).toEqual(['no-macs'])
  })

  test('is not opened where its bytes are not those that were signed', async () => {
    await madeBefore(300)
    edit(`update commits set e = cast(replace(e, 'Happened', 'Happened') as blob),
          v = 2 where c = 3`)
    await expect(open()).rejects.toThrow('ColumnMismatch')
    expect(existsSync(own('mac'))).toBe(false)
  })
})

describe('the last head', () => {
  test('must be there', async () => {
    await made()
    rmSync(own('head'))
    edit("delete from commits where c > 10; delete from meta where name = 'head'")
    await expect(open()).rejects.toThrow('its head file is not there')
  })

  test('is bridged to the end of the log by MACs, where it is behind', async () => {
    const log = await open()
    await append(log, 3)
    copyFileSync(own('head'), join(folder, 'older'))
    await log.append({
      ...{ stream: 'other', expected: 0 },
      events: [{ id: 'next', type: 'test.Happened.v1', data: {} }],
    })
    await log.close()
    copyFileSync(join(folder, 'older'), own('head'))
    await (await open()).close()
    expect(readFileSync(own('head'), 'utf8')).toMatch(/\n4\n/)
  })

  test('is not bridged over commits that are older than the MACs', async () => {
    await madeBefore()
    copyFileSync(own('head'), join(folder, 'older'))
    const before = await openLog({
      ...{ store: await sqliteStore(file()), head: openHeadFile(own('head')) },
      ...signing(),
    })
    const events = [{ id: 'next', type: 'test.Happened.v1', data: {} }]
    await before.append({ stream: 'other', expected: 0, events })
    await before.close()
    await made(0)
    copyFileSync(join(folder, 'older'), own('head'))
    await expect(open()).rejects.toThrow('its head file is of 20')
  })

  test('is given by whoever holds a checkpoint, and then the whole log is verified', async () => {
    await made()
    const given = readFileSync(own('head'), 'utf8')
    rmSync(own('head'))
    rmSync(own('mac'))
    await (
      await open({ heads: [{ origin: `jejak.localhost/${service}`, note: given, path: 'given' }] })
    ).close()
    expect(causes).toEqual(['given-head'])
    await (await open()).close()
  })

  test('is not given by a checkpoint that the log does not bear out', async () => {
    await made()
    const given = readFileSync(own('head'), 'utf8')
    rmSync(own('head'))
    edit("delete from commits where c > 10; delete from meta where name = 'head'")
    await expect(
      open({ heads: [{ origin: `jejak.localhost/${service}`, note: given, path: 'given' }] }),
    ).rejects.toThrow('Shrunk')
  })
})

test.each(['select 1', 'update commits set k = null, kd = null, mac = null where c = 20'])(
  'a log that has MACs is not opened without their key: %s',
  async sql => {
    await made()
    rmSync(own('mac'))
    edit(sql)
    await expect(open()).rejects.toThrow(own('mac'))
    expect(existsSync(own('mac'))).toBe(false)
  },
)

test('the MAC key of another log is not taken for that of a damaged one', async () => {
  await made()
  const text = readFileSync(own('mac'), 'utf8')
  writeFileSync(own('mac'), text.replace('jejak.localhost/', 'jejak.localhost/other-'))
  await expect(open()).rejects.toThrow('is the MAC key of jejak.localhost/other-assessment')
})

const signing = () => {
  const signer = signerOf({ keys, service, known: undefined, isNew: false })
  return { signer, origin: signer.name }
}
