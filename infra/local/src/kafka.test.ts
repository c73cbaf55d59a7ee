import { expect, test } from 'vitest'
import { answersKafka } from './answers.ts'
import { startKafka } from './kafka.ts'
import { describeOwnKafka } from './suites.ts'

describeOwnKafka('a Kafka broker', () => {
  test('comes back on its port after it is killed', async () => {
    const kafka = await startKafka({ brokers: 1 })
    const answers = () => answersKafka('127.0.0.1', Number(kafka.brokers.split(':')[1]))
    expect(await answers()).toBe(true)
    await kafka.kill()
    expect(await answers()).toBe(false)
    await kafka.restart()
    expect(await answers()).toBe(true)
    await kafka.stop()
    expect(kafka.running).toBe(false)
  }, 120_000)
})
