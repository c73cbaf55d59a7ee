import fc from 'fast-check'
import { Partitioners } from 'kafkajs'
import { describe, expect, test } from 'vitest'
import { murmur2, partitionOf } from './partition.ts'

describe('the partition of a stream', () => {
  test.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])("is of the hash that Kafka's own tests expect: %s", (key, hash) => {
    expect(murmur2(Buffer.from(key))).toBe(hash)
  })

  test('is the one that other clients give the same key', () => {
    const theirs = Partitioners.DefaultPartitioner()
    const counts = fc.integer({ min: 1, max: 200 })
    const property = fc.property(fc.string({ unit: 'grapheme' }), counts, (key, count) => {
      const partitionMetadata = Array.from({ length: count }, (_, partitionId) => ({
        partitionErrorCode: 0,
        partitionId,
        leader: 1,
        replicas: [1],
        isr: [1],
      }))
      const message = { key, value: null }
      return partitionOf(key, count) === theirs({ topic: 'a', partitionMetadata, message })
    })
    fc.assert(property, { examples: [['', 24]] })
  })
})
