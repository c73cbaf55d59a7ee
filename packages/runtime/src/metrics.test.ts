import { describe, expect, test } from 'vitest'
import { openMetrics } from './metrics.ts'
import { openServiceMetrics } from './service-metrics.ts'

const units = [
  'events',
  'seconds',
  'streams',
  'calls',
  'gaps',
  'failures',
  'todos',
  'refused',
  'requests',
]

/** The faults that promtool finds. */
const faults = (text: string): readonly string[] => {
  const lines = text.split('\n').filter(line => line !== '')
  const helped = new Set(lines.flatMap(line => /^# HELP (\S+) \S/.exec(line)?.[1] ?? []))
  return lines.flatMap(line => {
    const [, name, type] = /^# TYPE (\S+) (counter|gauge|histogram)$/.exec(line) ?? []
    if (line.startsWith('#') && !name) return /^# HELP /.test(line) ? [] : [line]
    if (!name) return /^\w+(\{(\w+="[^"]*",?)*\})? -?(\d|\.|e|\+|-)+$/.test(line) ? [] : [line]
    const unit = /([a-z]+?)(?:_total)?$/.exec(name)?.[1] ?? ''
    return [
      ...(helped.has(name) ? [] : [`${name} has no HELP`]),
      ...(name.endsWith('_total') === (type === 'counter') ? [] : [`${name} is a ${type}`]),
      ...(units.includes(unit) ? [] : [`${name} has no unit`]),
    ]
  })
}

describe('metrics', () => {
  test('are named and written as Prometheus would have them', async () => {
    const text = await openServiceMetrics().text()
    const own = text.split('\n').filter(line => /^(# \w+ )?jejak_/.test(line))
    expect(own.length).toBeGreaterThan(20)
    expect(faults(own.join('\n'))).toEqual([])
    expect(faults('# TYPE jejak_x_total gauge\n# HELP\njejak_x_total{a=1} 1')).toEqual([
      'jejak_x_total has no HELP',
      'jejak_x_total is a gauge',
      'jejak_x_total has no unit',
      '# HELP',
      'jejak_x_total{a=1} 1',
    ])
  })

  test('tell of the process, too', async () => {
    const text = await openMetrics().text()
    expect(text).toMatch(/^process_cpu_seconds_total \d/m)
    expect(text).toMatch(/^nodejs_eventloop_lag_seconds \d/m)
  })

  test('leave out what fails or hangs, say so, and have all the rest', async () => {
    const metrics = openMetrics()
    const size = metrics.gauge<{ log: string }>({
      name: 'jejak_size_events',
      help: 'Events.',
      labels: ['log'],
    })
    size(() => Promise.reject(new Error('no database')))
    let asked = 0
    size(() => (asked++ ? [] : new Promise(() => {})))
    size(() => [[{ log: 'enrollment' }, 3]])
    expect(await metrics.text()).toContain('jejak_size_events{log="enrollment"} 3\n')
    const failed = 'jejak_scrape_failures_total{metric="jejak_size_events"}'
    expect(await metrics.text()).toMatch(
      new RegExp(`^${failed.replace(/[{}]/g, '\\$&')} [23]$`, 'm'),
    )
  })
})
