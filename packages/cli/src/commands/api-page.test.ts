import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { roles } from '@jejak/access/principal'
import { rights } from '@jejak/access/rights'
import { describe, expect, test } from 'vitest'

const project = fileURLToPath(new URL('../../../..', import.meta.url))
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

/** A reason where it is given to an error, with the code beside it where the source has both. */
const given = [
  /code: (?:status\.)?(?<code>\w+),\s*reason: '(?<reason>[A-Z_]+)'/g,
  /refusedBy\(\s*status\.(?<code>\w+),\s*'(?<reason>[A-Z_]+)'/g,
  /errorInfo\('(?<reason>[A-Z_]+)'/g,
]

const sources = globSync('{services,packages}/*/src/*.ts', { cwd: project })
  .filter(path => !path.endsWith('.test.ts'))
  .map(path => readFileSync(`${project}/${path}`, 'utf8'))

const reasons = sources.flatMap(text =>
  given
    .flatMap(pattern => [...text.matchAll(pattern)])
    .map(({ groups }) => ({ reason: groups?.['reason'] ?? '', code: groups?.['code'] })),
)

type Right = readonly [string, Readonly<Record<string, string>>]

describe('docs/api.md', () => {
  const documented = new Map(rowsOf('reason').map(([reason = '', code]) => [reason, code]))

  test('has every reason of the code, and no other', () => {
    expect([...documented.keys()].sort()).toEqual([
      ...new Set(reasons.map(({ reason }) => reason).sort()),
    ])
  })

  test('has the code that each reason comes with', () => {
    const coded = reasons.filter(({ code }) => code !== undefined)
    expect(coded.length).toBeGreaterThan(35)
    for (const { reason, code } of coded) {
      expect({ reason, code: documented.get(reason) }).toEqual({ reason, code })
    }
  })

  test('sees every reason that the source gives', () => {
    // Some are given by a name that was declared with them: those are seen where they are declared.
    const literal = /(?:reason: |refusedBy\([^,()]+,\s*|errorInfo\()'([A-Z_]+)'/g
    const all = sources.flatMap(text => [...text.matchAll(literal)].map(([, reason]) => reason))
    expect(all.length).toBeGreaterThan(35)
    expect(reasons).toHaveLength(all.length)
  })

  test('has the rights that the table has, call by call', () => {
    const said = rowsOf('service').flatMap(([service = '', calls = '', ...cells]) => {
      const has = roles.flatMap((role, at) => (cells[at] ? [[role, cells[at]] as const] : []))
      return calls.split(', ').map(call => [`${service}.${call}`, Object.fromEntries(has)] as const)
    })
    expect(new Set(said.map(([action]) => action)).size).toBe(said.length)
    // What services ask of each other has no token, and is nobody's else.
    const ofTokens = Object.entries(rights).flatMap(([action, { service, ...has }]: Right) =>
      Object.keys(has).length > 0 ? [[action, has] as const] : [],
    )
    expect(Object.fromEntries(said)).toEqual(Object.fromEntries(ofTokens))
  })

  test('has the roles in the order in which its cells are read', () => {
    const headings = page.split('\n').find(line => line.startsWith('| service')) ?? ''
    expect(cellsOf(headings)).toEqual(['service', 'calls', ...roles])
  })
})
