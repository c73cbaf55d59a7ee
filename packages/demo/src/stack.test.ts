import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { idleBy } from './stack.ts'

/** Answers with metrics, one text after the other; the last one again and again. */
const telling = async (...texts: readonly (readonly string[])[]) => {
  let asked = 0
  const server = createServer((_, answer) => {
    answer.end(`${texts[Math.min(asked++, texts.length - 1)]?.join('\n')}\n`)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const lag = (log: string, events: number) =>
  `jejak_consumer_lag_events{consumer="any",log="${log}"} ${events}`
const todos = (count: number) => `jejak_todos{process="certification"} ${count}`

const done = [lag('enrollment', 0), lag('assessment', 0)]

test.each([
  ['that all have come to the end, and have nothing left to do', [done], true],
  ['of which one has an event to come to', [[...done, lag('certification', 1)]], false],
  ['of which one has something to do', [[...done, todos(1)]], false],
  [
    'that had nothing to do for a moment only',
    [
      [...done, todos(0)],
      [...done, todos(1)],
    ],
    false,
  ],
  ['that can not tell how far they are', [[todos(0)]], false],
])('services %s are taken for what they are', async (_, texts, idle) => {
  const ops = { certification: await telling(...texts), reporting: await telling(done) }
  expect(await idleBy(ops)()).toBe(idle)
})

test('where a service does not tell how it is, its address is named', async () => {
  const ops = { certification: 'http://127.0.0.1:1', reporting: await telling(done) }
  await expect(idleBy(ops)()).rejects.toThrow('nobody answers at http://127.0.0.1:1')
})
