import { readFileSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { Bench, line, lines } from '../testing/process.ts'

const bench = new Bench()
afterAll(() => bench.remove())

test('an import that does not get to its end leaves the rejects of the last one', async () => {
  const importing = (name: string, events: readonly string[]) => {
    const rejects = ['--rejects', 'rejects.jsonl']
    const file = bench.write(name, events)
    return bench.json('log', 'import', file, '--service', 'assessment', ...rejects)
  }
  expect(await importing('first.jsonl', ['one', line(0)])).toMatchObject({ status: 1 })
  const kept = readFileSync(bench.path('rejects.jsonl'), 'utf8')
  bench.sql(
    'data',
    "create trigger failing before insert on commits begin select raise(fail, ''); end",
  )
  expect(await importing('second.jsonl', ['two', ...lines(3)])).toMatchObject({ status: 2 })
  expect(readFileSync(bench.path('rejects.jsonl'), 'utf8')).toBe(kept)
  expect(await importing('third.jsonl', lines(3))).toMatchObject({ status: 2 })
  expect(readFileSync(bench.path('rejects.jsonl'), 'utf8')).toBe(kept)
})
