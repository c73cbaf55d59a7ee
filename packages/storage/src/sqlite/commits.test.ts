import { DatabaseSync } from 'node:sqlite'
import { limits } from '@jejak/eventsourcing/log'
import { expect, test } from 'vitest'
import { commitPages, schema } from './commits.ts'

test('a stream name that is longer than one may be is not read: it may be no string', async () => {
  const db = new DatabaseSync(':memory:')
  db.exec(schema)
  const insert = db.prepare("insert into commits values (?, 0, 0, ?, 1, null, null, x'', ?, ?, ?)")
  insert.run(1, 'x'.repeat(limits.streamNameBytesMax), null, null, null)
  insert.run(2, `${'x'.repeat(limits.streamNameBytesMax)}x`, null, null, null)
  insert.run(3, null, null, null, null)
  const names = (await commitPages(db)(1)).map(({ head }) => head?.stream)
  expect(names).toEqual(['x'.repeat(limits.streamNameBytesMax), '', undefined])
  db.close()
})
