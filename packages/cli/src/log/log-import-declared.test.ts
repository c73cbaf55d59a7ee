import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { samplePath } from '../events/sample.ts'
import { Bench, idOf, line } from '../testing/process.ts'

const bench = new Bench()
afterAll(() => bench.remove())

const [first = ''] = readFileSync(samplePath, 'utf8').split('\n')
const event = JSON.parse(first)
const assessed = (i: number, wrong: object) =>
  JSON.stringify({ ...event, id: idOf(i), data: { ...event.data, ...wrong } })

describe('an event that Jejak declares', () => {
  test('comes in as declared; the others are listed with field and reason', async () => {
    const undeclared = ['jejak.assessment.Renamed.v1', 'jejak.payroll.Paid.v1']
    const bad = [
      [assessed(1, { level: 6 }), 'data.level: must be <= 5'],
      [assessed(2, { occurredOn: '2026-02-30' }), 'data.occurredOn: must match format "date"'],
      [assessed(3, { level: undefined }), 'data.level: is missing'],
      [
        assessed(7, { method: 'x-198609262015051001' }),
        'data.method: must not have a NIP or NIK in it: it can never be erased, ' +
          'and what begins at character 3 has the form of one',
      ],
      [
        JSON.stringify({ ...event, id: idOf(8), correlationid: '7371-1145-0990-0001' }),
        'correlationid: must not have a NIP or NIK in it: it can never be erased, ' +
          'and what begins at character 1 has the form of one',
      ],
      ...undeclared.map((type, i) => [
        line(4 + i, { type }),
        `type: no such event is declared: ${type}`,
      ]),
    ]
    const good = [assessed(0, {}), line(6)]
    bench.write('mixed.jsonl', [...good, ...bad.map(([text = '']) => text)])
    const result = await bench.json('log', 'import', 'mixed.jsonl', '--service', 'assessment')
    expect(result).toMatchObject({ status: 1, added: 2, rejected: bad.length, size: 2 })
    const rejects = readFileSync(bench.path('mixed.rejects.jsonl'), 'utf8').trim().split('\n')
    expect(rejects.map(text => JSON.parse(text))).toEqual(
      bad.map(([text, reason], i) => ({ line: good.length + 1 + i, reason, text })),
    )
  })
})
