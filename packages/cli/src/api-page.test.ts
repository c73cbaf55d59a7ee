import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { roles } from '@jejak/access/principal'
import { rights } from '@jejak/access/rights'
import { httpReasons, type Reason, reasons } from '@jejak/texts/reasons'
import { describe, expect, test } from 'vitest'

const project = fileURLToPath(new URL('../../..', import.meta.url))
const page = readFileSync(`${project}/docs/api.md`, 'utf8')

/** The cells of each row of a table whose first heading is this, without the signs of code. */
const rowsOf = (heading: string): readonly string[][] =>
  page
    .split(/\n\n/)
    .map(block => block.split('\n').filter(line => line.startsWith('|')))
    .filter(([first]) => first && cellsOf(first)[0] === heading)
    .flatMap(([, , ...rows]) => rows.map(cellsOf))

const cellsOf = (line: string): string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map(cell => cell.replaceAll('`', '').trim())

type Right = readonly [string, Readonly<Record<string, string>>]

/** Reasons of the HTTP server's own, and bugs, which gRPC answers without a reason. */
const withoutReason: readonly string[] = [...httpReasons, 'INTERNAL']

describe('docs/api.md', () => {
  const documented = new Map(rowsOf('reason').map(([reason = '', code]) => [reason, code]))

  test('has every reason that a call can fail for, and no other', () => {
    const ofCalls = Object.keys(reasons).filter(reason => !withoutReason.includes(reason))
    expect([...documented.keys()].sort()).toEqual(ofCalls.sort())
  })

  test('has the code that each reason comes with', () => {
    expect(documented.size).toBeGreaterThan(35)
    for (const [reason, code] of documented) {
      expect({ reason, code }).toEqual({ reason, code: reasons[reason as Reason].status })
    }
  })

  test('has the rights that the table has, call by call', () => {
    const documentedRights = rowsOf('service').flatMap(([service = '', calls = '', ...cells]) => {
      const has = roles.flatMap((role, at) => (cells[at] ? [[role, cells[at]] as const] : []))
      return calls.split(', ').map(call => [`${service}.${call}`, Object.fromEntries(has)] as const)
    })
    const actions = documentedRights.map(([action]) => action)
    expect(new Set(actions).size).toBe(documentedRights.length)
    // Calls between services have no token, and no role has the right to them.
    const ofTokens = Object.entries(rights).flatMap(([action, { service, ...has }]: Right) =>
      Object.keys(has).length > 0 ? [[action, has] as const] : [],
    )
    expect(Object.fromEntries(documentedRights)).toEqual(Object.fromEntries(ofTokens))
  })

  test('has the roles in the order in which its cells are read', () => {
    const headings = page.split('\n').find(line => line.startsWith('| service')) ?? ''
    expect(cellsOf(headings)).toEqual(['service', 'calls', ...roles])
  })
})
