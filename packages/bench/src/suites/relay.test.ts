import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeMongo, describeOwnKafka } from '@jejak/local/suites'
import { expect, test } from 'vitest'
import { type BenchSample, quick } from '../suite.ts'
import { relaySuite } from './relay.ts'

describeMongo('the relay of a log on MongoDB', ({ url: mongo }) =>
  describeOwnKafka('to Kafka', () => {
    test('brings each event there once and in order, and so do bare clients', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'jejak-bench-test-'))
      const samples: BenchSample[] = []
      // A topic with other events, or in another order, would throw.
      await relaySuite({ folder, mongo }, { ...quick, relayEvents: 2_100 }, [], async steps => {
        for (const step of steps) samples.push(...(await step()))
      })
      rmSync(folder, { recursive: true })
      expect(samples.map(({ subject, unit }) => [subject, unit])).toEqual([
        ['bare-kafkajs', 'events/s'],
        ['jejak-relay', 'events/s'],
        ['bare-platformatic', 'events/s'],
        ['jejak-relay-to-bare-kafkajs', 'ratio'],
        ['bare-platformatic-to-bare-kafkajs', 'ratio'],
      ])
      expect(samples.every(({ value }) => value > 0)).toBe(true)
    }, 60_000)
  }),
)
