import { describe, expect, test } from 'vitest'
import { openServiceMetrics, type ServiceMetrics } from './service-metrics.ts'

const filled = (): ServiceMetrics => {
  const metrics = openServiceMetrics()
  metrics.called('jejak.log.v1.HistoryService/ReadLog', 'OK', 0.02)
  metrics.called('jejak.log.v1.HistoryService/ReadLog', 'NOT_FOUND', 0.02)
  metrics.refusals(() => new Map([['jejak.log.v1.HistoryService/ReadLog', 2]]))
  metrics.log('enrollment', () => 7)
  metrics.verification('enrollment', () => ({ verified: 6, seconds: 1.5, faults: 0 }))
  metrics.verification('assessment', () => ({ verified: 0, seconds: undefined, faults: 1 }))
  metrics.relay('enrollment', { published: () => 5, position: async () => 4, size: () => 7 })
  metrics.consumer('certificates', {
    counts: () => ({ applied: 1, duplicates: 2, gaps: 3, waiting: 4 }),
    parked: async () => 1,
    lag: async () => new Map([['enrollment', 3]]),
  })
  metrics.todos('certification', () => 6)
  metrics.clock({
    behindMs: () =>
      new Map([
        ['enrollment', 3_000],
        ['assessment', -500],
      ]),
    jumpedMs: () => 60_000,
  })
  return metrics
}

const own = async (metrics: ServiceMetrics) =>
  (await metrics.text()).split('\n').filter(line => /^(# \w+ )?jejak_/.test(line))

const samples = async (metrics: ServiceMetrics) =>
  (await own(metrics)).filter(line => !line.startsWith('#') && !line.includes('_duration_seconds_'))

const all = [
  'jejak_calls_total{method="jejak.log.v1.HistoryService/ReadLog",code="OK"} 1',
  'jejak_calls_total{method="jejak.log.v1.HistoryService/ReadLog",code="NOT_FOUND"} 1',
  'jejak_calls_refused_total{method="jejak.log.v1.HistoryService/ReadLog"} 2',
  'jejak_log_events{log="enrollment"} 7',
  'jejak_relay_published_events_total{log="enrollment"} 5',
  'jejak_relay_position_events{log="enrollment"} 4',
  'jejak_relay_lag_events{log="enrollment"} 3',
  'jejak_log_verified_events{log="enrollment"} 6',
  'jejak_log_verified_events{log="assessment"} 0',
  'jejak_log_verification_seconds{log="enrollment"} 1.5',
  'jejak_log_verification_failures_total{log="enrollment"} 0',
  'jejak_log_verification_failures_total{log="assessment"} 1',
  'jejak_consumer_applied_events_total{consumer="certificates"} 1',
  'jejak_consumer_duplicate_events_total{consumer="certificates"} 2',
  'jejak_consumer_gaps_total{consumer="certificates"} 3',
  'jejak_consumer_waiting_events_total{consumer="certificates"} 4',
  'jejak_consumer_parked_streams{consumer="certificates"} 1',
  'jejak_consumer_lag_events{consumer="certificates",log="enrollment"} 3',
  'jejak_todos{process="certification"} 6',
  'jejak_clock_behind_log_seconds{log="enrollment"} 3',
  'jejak_clock_behind_log_seconds{log="assessment"} -0.5',
  'jejak_clock_jumped_seconds 60',
]

describe('the metrics of a service', () => {
  test('are all there when they are asked for, also twice at once', async () => {
    const metrics = filled()
    expect(await samples(metrics)).toEqual(all)
    const twice = await Promise.all([samples(metrics), samples(metrics)])
    expect(twice).toEqual([all, all])
  })

  test('tell how long calls take', async () => {
    const lines = await own(filled())
    const method = 'method="jejak.log.v1.HistoryService/ReadLog"'
    expect(lines).toContain(`jejak_call_duration_seconds_bucket{le="0.01",${method}} 0`)
    expect(lines).toContain(`jejak_call_duration_seconds_bucket{le="0.025",${method}} 2`)
    expect(lines).toContain(`jejak_call_duration_seconds_count{${method}} 2`)
  })

  test('are of several logs and consumers', async () => {
    const metrics = filled()
    metrics.log('assessment', () => 9)
    expect(await samples(metrics)).toContain('jejak_log_events{log="assessment"} 9')
    expect(await samples(metrics)).toContain('jejak_log_events{log="enrollment"} 7')
  })
})
