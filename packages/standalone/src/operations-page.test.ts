import { readFileSync } from 'node:fs'
import { listVariables } from '@jejak/runtime/read-settings'
import { openServiceMetrics } from '@jejak/runtime/service-metrics'
import { serviceSettings } from '@jejak/runtime/service-settings'
import { describe, expect, test } from 'vitest'

const page = readFileSync(new URL('../../../docs/operations.md', import.meta.url), 'utf8')
const rows = page.split('\n').filter(line => line.startsWith('| `'))

describe('the page on operations', () => {
  const names = new Set(
    Object.values(serviceSettings).flatMap(spec => listVariables(spec).map(({ name }) => name)),
  )

  test.each([...names])('says of %s whose it is, and what it usually is', name => {
    const takers = Object.entries(serviceSettings).filter(([, spec]) =>
      listVariables(spec).some(variable => variable.name === name),
    )
    const [, , of = '', usually = ''] =
      rows
        .find(row => row.startsWith(`| \`${name}\``) && row.split('|').length === 6)
        ?.split('|')
        .map(cell => cell.trim()) ?? []
    const services = takers.map(([service]) => service)
    expect(of).toBe(services.length === 4 ? 'all' : services.join(', '))
    const [first] = takers.flatMap(([, spec]) => listVariables(spec).filter(it => it.name === name))
    expect(usually).toBe(first?.default ? `\`${first.default}\`` : '')
  })

  test('tells of every metric that is not of Node itself', async () => {
    const text = await openServiceMetrics().text()
    const metrics = [...text.matchAll(/^# TYPE (jejak_\w+)/gm)].map(([, metric]) => metric)
    expect(metrics.length).toBeGreaterThan(10)
    expect(metrics.filter(metric => !page.includes(`\`${metric}\``))).toEqual([])
  })
})
