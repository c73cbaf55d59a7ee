import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { parse, readTree } from './source.ts'
import { ScratchTree } from './testing/scratch-tree.ts'

// One run of the compiler and one of some tests, over a copy of the whole tree.
vi.setConfig({ hookTimeout: 300_000 })

const root = fileURLToPath(new URL('../../..', import.meta.url))
const page = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8')

/** The places that a recipe names: in backticks, with a folder. */
const placesOf = (recipe: string): readonly string[] =>
  [...recipe.matchAll(/`((?:packages|services|proto|docs)\/[\w./-]+)`/g)].map(
    ([, place]) => place as string,
  )

const recipes = page
  .split(/^### /m)
  .slice(1)
  .map(text => ({ title: text.slice(0, text.indexOf('\n')), places: placesOf(text) }))

describe('a recipe of CONTRIBUTING.md', () => {
  test('is there for whatever is added often', () => {
    const titles = ['An event', 'A call (RPC)', 'An export kind', 'A report over HTTP']
    expect(recipes.map(({ title }) => title)).toEqual([...titles, 'A command', 'A text'])
  })

  test.each(recipes)('names places that exist: $title', ({ places }) => {
    expect(places.length).toBeGreaterThan(1)
    expect(places.filter(place => !existsSync(join(root, place)))).toEqual([])
  })

  test('holds every command: one that nothing names is not there', () => {
    const folder = 'packages/cli/src/commands'
    const imports = ['packages/cli/src/commands.ts', ...readdirSync(join(root, folder))]
      .map(file => (file.includes('/') ? file : `${folder}/${file}`))
      .flatMap(path => parse({ path, text: readFileSync(join(root, path), 'utf8') }).imports)
    const commands = readdirSync(join(root, folder)).filter(file => !file.endsWith('.test.ts'))
    expect(commands.filter(file => !imports.includes(`${folder}/${file}`))).toEqual([])
  })
})

const stream = `{ kind: 'standard', id: 'position' }`
const declared = `version: 1, schema: standardSet, stream: ${stream}, about: 'nobody',`
const meaning = `day: 'validFrom', summary: [],`
const sentence = `sentence: () => ({ en: 'withdrawn', id: 'ditarik' }),`

describe('a place that is left out', () => {
  let tree: ScratchTree
  let compiled: string
  let tested: string
  beforeAll(() => {
    tree = new ScratchTree(
      root,
      readTree(root).map(({ path }) => path),
      ['proto/gen', 'proto/landed.binpb'],
    )
    leaveOut(tree)
    compiled = tree.run('tsc', '--noEmit', '--pretty', 'false')
    const vitest = 'node_modules/vitest/vitest.mjs'
    tested = tree.run('node', vitest, 'run', '--reporter=dot', ...tests)
  })
  afterAll(() => tree.remove())

  test.each([
    ['the sentence of an event', 'packages/events/src/assessment.ts'],
    ['an event in the decider of its stream', 'services/assessment/src/standard.ts'],
    ['the reason of a refusal', 'services/assessment/src/reasons.ts'],
    ['the handler of a call', 'services/assessment/src/service.ts'],
    ['a call in the list of every call', 'packages/embedded/src/testing/every-call.ts'],
    ['what an auditor compares of an export kind', 'packages/export/src/kinds.ts'],
    ['the right to a report', 'services/reporting/src/http/history.ts'],
    ['a language of a text', 'packages/texts/src/violations.ts'],
  ])('does not compile: %s', (_, path) => {
    expect(compiled).toMatch(new RegExp(`^${path}\\(\\d+,\\d+\\): error`, 'm'))
  })

  test('is named by the compiler: the sentence of an event', () => {
    const errors = /^packages\/events\/src\/assessment\.ts\(.*\n(?: .*\n)*/m.exec(compiled)
    expect(errors?.[0]).toMatch(/Property 'sentence' is missing/)
  })

  test.each([
    ['the golden file of an event', 'assessment.StandardWithdrawn.v1'],
    ['the row of its fields in docs/privacy.md', 'has a row for every field of every event'],
    ['the golden file of an export kind', 'has a golden file of every kind'],
    ['the right to a call', 'is stated for every method of the gRPC API'],
    ['the right in docs/api.md', 'has the rights that the table has, call by call'],
    ['generated code after a change of proto', 'is what the generated code says'],
  ])('fails a test: %s', (_, name) => {
    expect(tested).toMatch(new RegExp(`^ FAIL .*${name}`, 'm'))
  })

  test('fails a test: a field of a request in its handler', () => {
    expect(tested).toContain('jejak.assessment.v1.Assessment.venue')
  })
})

const tests = [
  'packages/events/src/golden.test.ts',
  'packages/export/src/golden.test.ts',
  'packages/rpc/src/authorise.test.ts',
  'packages/cli/src/api-page.test.ts',
  'packages/cli/src/privacy-page.test.ts',
  'packages/embedded/src/read-fields.test.ts',
  'proto/proto.test.ts',
]

/** Goes through the recipes, and leaves one place out of each. */
const leaveOut = (tree: ScratchTree): void => {
  const events = 'packages/events/src/assessment.ts'
  const withdrawn = `StandardWithdrawn: event({ ${declared} ${meaning} ${sentence} }),\n`
  tree.insert(events, `StandardHidden: event({ ${declared} ${meaning} }),\n${withdrawn}`, '})')
  tree.insert('services/assessment/src/framework.ts', `'Withdrawn' | `, `'ItsOwn'\n`)
  const kinds = 'packages/export/src/kinds.ts'
  const kind = `{ ...siasnKursus, name: 'kursus-lain', audit: undefined }`
  tree.insert(kinds, `${kind}, `, 'siasnKursus]')
  const right = `const withdrawn: Action = 'reporting.GetWithdrawn'\n`
  const action = `import type { Action } from '@jejak/access/rights'\n`
  tree.insert('services/reporting/src/http/history.ts', action + right, 'export const')
  const texts = 'packages/texts/src/violations.ts'
  tree.insert(texts, `withdrawn: { en: 'is withdrawn' },\n`, '} as const satisfies')
  const proto = 'proto/jejak/assessment/v1/assessment.proto'
  const call = 'WithdrawStandard(ListAssessmentsRequest) returns (ListAssessmentsResponse)'
  tree.insert(
    proto,
    `  // Withdraws a standard.\n  rpc ${call};\n`,
    '}\n\n// An assessment as it is',
  )
  tree.insert(
    proto,
    '  // Where it took place.\n  string venue = 12;\n',
    '}\n\n// When an assessment',
  )
  tree.run('sh', '-c', 'cd proto && buf generate')
  tree.insert(proto, '  // In which room.\n  string room = 13;\n', '}\n\n// When an assessment')
  // Stated for the docs to lack; that of the call above is left out.
  const rights = 'packages/access/src/rights.ts'
  tree.insert(rights, `  'assessment.GetRoom': byHr,\n`, `  'assessment.GetStandard'`)
}
