// tidy: each rule is seen failing here, and one table is easier to complete than ten files
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { quickTests } from './quick.ts'
import {
  adaptersStayAtTheRoots,
  foldersAreEarned,
  foldersAreSmall,
  holdsOnEveryMachine,
  importsGoOneWay,
  namesMeanOneThing,
  namesSaySomething,
  noForbiddenSyntax,
  packagesGoOneWay,
  type Rule,
  servicesStandAlone,
  sizesAreReasoned,
  smallFilesAreReasoned,
  testingStaysInTests,
  verifierStandsApart,
  wordsAreTheFields,
} from './rules.ts'
import { parse, readTree } from './source.ts'

const texts = readTree(fileURLToPath(new URL('../../..', import.meta.url)))
const sources = texts.filter(({ path }) => path.endsWith('.ts')).map(parse)

const problems = (rule: Rule, path: string, text = '', neighbours: readonly string[] = []) => {
  const file = parse({ path, text })
  return rule(file, [file, ...neighbours.map(path => parse({ path, text: '' }))])
}

/** The problems that a rule finds in a tree: paths with their texts. */
const problemsIn = (rule: Rule, files: Readonly<Record<string, string>>) => {
  const tree = Object.entries(files).map(([path, text]) => parse({ path, text }))
  return tree.flatMap(file => rule(file, tree))
}
const lines = (count: number) => 'work()\n'.repeat(count)

describe('this repository', () => {
  test('is all here', () => {
    expect(sources.map(({ path }) => path)).toContain('packages/tidy/src/tidy.test.ts')
    expect(texts.map(({ path }) => path)).toContain('package.json')
  })

  test.each([
    ['keeps adapters at the composition roots', adaptersStayAtTheRoots],
    ['has no enum, any, barrel, default export or parameter property', noForbiddenSyntax],
    ['has names that say something', namesSaySomething],
    ['is flat', foldersAreEarned],
    ['is short, or says why not', sizesAreReasoned],
    ['has services that do not know each other', servicesStandAlone],
    ['verifies with other code than it writes with', verifierStandsApart],
    ['has the words of the field in its paths', wordsAreTheFields],
    ['has folders of at most forty files', foldersAreSmall],
    ['has small files for a reason', smallFilesAreReasoned],
    ['keeps what is there for tests in tests', testingStaysInTests],
    ['has one meaning for a name', namesMeanOneThing],
    ['has files that import each other one way', importsGoOneWay],
    ['has packages that import each other one way', packagesGoOneWay],
  ])('%s', (_, rule) => {
    expect(sources.flatMap(file => rule(file, sources))).toEqual([])
  })

  test('names no machine and no registry', () => {
    expect(texts.flatMap(holdsOnEveryMachine)).toEqual([])
  })
})

describe('an adapter', () => {
  const sqlite = `import { sqliteStore } from '@jejak/storage/sqlite/store'`

  test('is not imported by what takes a port', () => {
    const imported = 'packages/storage/src/sqlite/store.ts'
    expect(problems(adaptersStayAtTheRoots, 'services/assessment/src/grpc.ts', sqlite)).toEqual([
      `services/assessment/src/grpc.ts imports the adapter ${imported}: take the port`,
    ])
    const others = [
      `export { sqliteStore } from '../sqlite/store.ts'`,
      `import type { A } from '../mongo/store.ts'`,
      `await import('../memory.ts')`,
    ]
    for (const text of others) {
      expect(
        problems(adaptersStayAtTheRoots, 'packages/storage/src/log/open.ts', text),
      ).toHaveLength(1)
    }
    const kafka = `import { kafka } from '../../../messaging/src/kafka.ts'`
    expect(
      problems(adaptersStayAtTheRoots, 'packages/storage/src/sqlite/store.ts', kafka),
    ).toHaveLength(1)
  })

  test('is imported by composition roots and by its own parts', () => {
    const roots = [
      'services/assessment/src/main.ts',
      'packages/embedded/src/start.ts',
      'packages/storage/src/crash.test.ts',
      'packages/bench/src/subjects/jejak.ts',
      'packages/cli/src/log/log-verify.ts',
      'packages/storage/src/sqlite/writer-worker.ts',
    ]
    for (const path of roots) expect(problems(adaptersStayAtTheRoots, path, sqlite)).toEqual([])
  })
})

describe('syntax', () => {
  test.each([
    ['enum Level { Basic }', 'enum'],
    ['class A { constructor(private readonly log: string) {} }', 'parameter property'],
    [`export * from './log.ts'`, 're-exports'],
    [`export { limits } from './log.ts'`, 're-exports'],
    ['export default 1', 'default export'],
    ['const read = (entry: any) => entry', 'any'],
    ['type Rows = Record<string, any[]>', 'any'],
  ])('%s is refused', (text, what) => {
    expect(problems(noForbiddenSyntax, 'packages/a/src/b.ts', `\n${text}`)).toEqual([
      expect.stringContaining(`packages/a/src/b.ts:2 ${what}`),
    ])
  })

  test('of a configuration file may have the default export that its tool asks for', () => {
    expect(problems(noForbiddenSyntax, 'vitest.config.ts', 'export default {}')).toEqual([])
    expect(problems(noForbiddenSyntax, 'a.config.ts', 'export default {}')).toHaveLength(1)
  })
})

describe('a path', () => {
  test('has a name that says something', () => {
    expect(problems(namesSaySomething, 'packages/a/src/index.ts')).toHaveLength(1)
    expect(problems(namesSaySomething, 'packages/a/src/helpers.test.ts')).toHaveLength(1)
    expect(problems(namesSaySomething, 'packages/common/src/log.ts')).toHaveLength(1)
    expect(problems(namesSaySomething, 'packages/a/src/indexes.ts')).toEqual([])
  })

  test('has no private word', () => {
    expect(problems(wordsAreTheFields, 'packages/a/src/kafka-hearer.ts')).toEqual([
      'packages/a/src/kafka-hearer.ts has the private word "hearer": say consumer',
    ])
    expect(problems(wordsAreTheFields, 'packages/a/src/gate.test.ts')).toHaveLength(1)
    expect(problems(wordsAreTheFields, 'packages/a/src/aggregate.ts')).toEqual([])
  })

  test('is flat until four siblings earn a folder', () => {
    const four = ['a', 'b', 'c'].map(name => `packages/a/src/tiles/${name}.ts`)
    expect(problems(foldersAreEarned, 'packages/a/b.ts')).toHaveLength(1)
    expect(problems(foldersAreEarned, 'packages/a/lib/b.ts')).toHaveLength(1)
    expect(problems(foldersAreEarned, 'packages/a/src/tiles/d.ts')).toHaveLength(1)
    expect(problems(foldersAreEarned, 'packages/a/src/tiles/deep/d.ts', '', four)).toHaveLength(1)
    expect(problems(foldersAreEarned, 'packages/a/src/tiles/d.ts', '', four)).toEqual([])
    expect(problems(foldersAreEarned, 'packages/a/src/d.ts')).toEqual([])
    expect(problems(foldersAreEarned, 'vitest.config.ts')).toEqual([])
  })
})

describe('a folder', () => {
  const files = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`packages/a/src/b${i}.ts`, '']))

  test('of over 40 files is owed folders', () => {
    expect(problemsIn(foldersAreSmall, files(40))).toEqual([])
    expect(problemsIn(foldersAreSmall, files(41))).toEqual([
      'packages/a/src has 41 files: folders within it are owed',
    ])
  })
})

describe('a small file', () => {
  const user = `import { b } from './b.ts'\nexport const a = b`
  const small = (text: string, more: Readonly<Record<string, string>> = {}) =>
    problemsIn(smallFilesAreReasoned, {
      'packages/a/src/b.ts': text,
      'packages/a/src/a.ts': user,
      ...more,
    })

  test('with one importer beside it asks for a reason', () => {
    expect(small(lines(59))).toHaveLength(1)
    expect(small(lines(60))).toEqual([])
    expect(small(`// tidy: a port\n${lines(58)}`)).toEqual([])
  })

  test('may have more importers, tests aside, or one elsewhere', () => {
    expect(small('', { 'packages/a/src/c.ts': user })).toEqual([])
    expect(small('', { 'packages/a/src/b.test.ts': user })).toHaveLength(1)
    const elsewhere = `import { b } from '@jejak/a/b'`
    expect(
      problemsIn(smallFilesAreReasoned, {
        'packages/a/src/b.ts': '',
        'packages/c/src/d.ts': elsewhere,
      }),
    ).toEqual([])
  })
})

describe('what tests use', () => {
  const text = `import { given } from '@jejak/a/testing/given'`

  test('is imported by tests, simulation and bench, and by nothing else', () => {
    const by = (path: string) => problems(testingStaysInTests, path, text)
    expect(by('packages/b/src/c.ts')).toHaveLength(1)
    expect(by('packages/a/src/c.ts')).toHaveLength(1)
    for (const path of [
      'packages/b/src/c.test.ts',
      'packages/b/src/testing/c.ts',
      'packages/b/src/log-contract.ts',
      'packages/bench/src/c.ts',
      'packages/simulation/src/checks/c.ts',
    ]) {
      expect(by(path)).toEqual([])
    }
  })
})

describe('an exported name', () => {
  const both = (name: string, other: string) =>
    problemsIn(namesMeanOneThing, {
      'packages/a/src/b.ts': `export const ${name} = 1`,
      [other]: `export type ${name} = 1`,
    })

  test('has one meaning in all packages', () => {
    expect(both('History', 'packages/c/src/d.ts')).toHaveLength(2)
    expect(both('History', 'packages/a/src/d.ts')).toEqual([])
    expect(both('History', 'packages/c/src/testing/d.ts')).toEqual([])
    expect(both('Refused', 'packages/c/src/d.ts')).toEqual([])
  })
})

describe('a circle', () => {
  const circle = (one: string, other: string) =>
    problemsIn(importsGoOneWay, {
      'packages/a/src/a.ts': one,
      'packages/a/src/b.ts': other,
    })
  const type = `import type { B } from './b.ts'`

  test('of files is refused, and asks for a reason where it is one of types', () => {
    const back = `import { a } from './a.ts'`
    expect(circle(`import { b } from './b.ts'`, back)).toHaveLength(1)
    expect(circle(`// tidy: not here either\nimport { b } from './b.ts'`, back)).toHaveLength(1)
    expect(circle(type, back)).toHaveLength(1)
    expect(circle(`// tidy: one state machine\n${type}`, back)).toEqual([])
    expect(circle(type, '')).toEqual([])
  })

  test('of packages is refused, tests aside', () => {
    const of = (path: string) =>
      problemsIn(packagesGoOneWay, {
        'packages/a/src/a.ts': `import type { B } from '@jejak/b/b'`,
        'packages/b/src/b.ts': '',
        [path]: `import type { A } from '@jejak/a/a'`,
      })
    expect(of('packages/b/src/c.ts')).toEqual([
      'packages/a, packages/b import each other in a circle',
    ])
    expect(of('packages/b/src/c.test.ts')).toEqual([])
    expect(of('packages/b/src/testing/c.ts')).toEqual([])
  })
})

describe('a size', () => {
  const path = 'packages/a/src/b.ts'
  const size = (text: string) => problems(sizesAreReasoned, path, text)

  test('of over 350 lines asks for a reason', () => {
    expect(size(lines(350))).toEqual([])
    expect(size(lines(351))).toHaveLength(1)
    expect(size(`// tidy: a table of codes\n${lines(351)}`)).toEqual([])
    expect(size(`// tidy:\n${lines(351)}`)).toHaveLength(1)
    expect(size(`${lines(351)}// tidy: too late to say so\n`)).toHaveLength(1)
  })

  test('of a function of over 40 lines asks for a reason', () => {
    const long = `const a = () => {\n${lines(39)}}\n`
    expect(size(`const a = () => {\n${lines(38)}}\n`)).toEqual([])
    expect(size(long)).toEqual([`${path}:1 a function has 41 lines`])
    expect(size(`// tidy: one state machine\n${long}`)).toEqual([])
    expect(size(`// tidy: one state machine\n\n${long}`)).toHaveLength(1)
    expect(size(`async function a() {\n${lines(39)}}\n`)).toHaveLength(1)
    expect(size(`class A {\nb() {\n${lines(39)}}\n}\n`)).toHaveLength(1)
    expect(size(`go(async () => {\n${lines(39)}})\n`)).toHaveLength(1)
  })

  test('of a function does not count the named functions in it, and counts its callbacks', () => {
    const outer = (inner: string) => `const a = () => {\n${lines(30)}${inner}}\n`
    expect(size(outer(`const b = () => {\n${lines(30)}}\n`))).toEqual([])
    expect(size(outer(`test('b', () => {\n${lines(30)}})\n`))).toEqual([])
    expect(size(outer(`all.map(() => {\n${lines(30)}})\n`))).toHaveLength(1)
  })

  test('of a line is at most 100 columns, but for an address', () => {
    expect(size(`// ${'x'.repeat(97)}\n`)).toEqual([])
    expect(size(`// ${'—'.repeat(97)}\n`)).toEqual([])
    expect(size(`// ${'x'.repeat(98)}\n`)).toEqual([`${path}:1 has over 100 columns`])
    expect(size(`// https://${'x'.repeat(98)}\n`)).toEqual([])
  })
})

describe('a service', () => {
  const reporting = `import { history } from '@jejak/reporting/history'`

  test('is imported by nobody but what composes the services', () => {
    const by = (path: string) => problems(servicesStandAlone, path, reporting)
    expect(by('services/assessment/src/grpc.ts')).toHaveLength(1)
    expect(by('packages/cli/src/main.ts')).toHaveLength(1)
    expect(by('packages/embedded/src/start.ts')).toEqual([])
    expect(by('services/reporting/src/main.ts')).toEqual([])
  })

  test('does not reach another by its path', () => {
    const text = `import { issue } from '../../certification/src/certificate.ts'`
    expect(problems(servicesStandAlone, 'services/assessment/src/a.ts', text)).toHaveLength(1)
  })
})

describe('the verifier', () => {
  const audit = (text: string) =>
    problems(verifierStandsApart, 'packages/transparency/src/audit.ts', text)

  test('replays without the code of the writer', () => {
    const replay = (text: string) =>
      problems(verifierStandsApart, 'packages/replay/src/replay.ts', text)
    expect(replay(`import type { Commit } from '@jejak/storage/store'`)).toEqual([])
    expect(replay(`import { commitPages } from '@jejak/storage/sqlite/commits'`)).toEqual([])
    expect(replay(`import { unpack } from '@jejak/storage/log/entries'`)).toHaveLength(1)
    expect(replay(`import { decode } from '@jejak/eventsourcing/entry'`)).toHaveLength(1)
    expect(replay(`import { LogTree } from '@jejak/transparency/log-tree'`)).toHaveLength(1)
  })

  test('hashes and decodes for itself', () => {
    expect(audit(`import { nodeHash } from './hash.ts'`)).toEqual([])
    expect(audit(`import { append } from './compact-range.ts'`)).toHaveLength(1)
    expect(audit(`import { tree } from '@jejak/transparency/log-tree'`)).toHaveLength(1)
  })

  test('does not get to the writer through a decoder', () => {
    const text = `import { append } from './compact-range.ts'`
    expect(
      problems(verifierStandsApart, 'packages/transparency/src/verify-tiles.ts', text),
    ).toHaveLength(1)
  })
})

describe('the quick tests', () => {
  const quick = (files: Readonly<Record<string, string>>) =>
    quickTests(Object.entries(files).map(([path, text]) => parse({ path, text })))
  const path = 'packages/a/src/a.test.ts'

  test('are those that start nothing, themselves or by what they import', () => {
    expect(quick({ [path]: `import { hash } from 'node:crypto'` })).toEqual([path])
    expect(quick({ [path]: `import { spawn } from 'node:child_process'` })).toEqual([])
    const b = `import { b } from './b.ts'`
    expect(quick({ [path]: b, 'packages/a/src/b.ts': 'new Worker(at)' })).toEqual([])
    expect(quick({ [path]: b, 'packages/a/src/b.ts': b })).toEqual([path])
    const serve = `import { serve } from '@jejak/rpc/serve'`
    expect(quick({ [path]: serve, 'packages/rpc/src/serve.ts': '' })).toEqual([])
    const type = `import type { Serving } from '@jejak/rpc/serve'`
    expect(quick({ [path]: type, 'packages/rpc/src/serve.ts': '' })).toEqual([path])
  })
})

describe('a text', () => {
  // Put together here: written out, these would break the rule that they show.
  test.each([
    ['a path of one machine', ['cd ', 'root', 'jejak'].join('/')],
    ['a path of one machine', ['', 'home', 'ayu', 'jejak'].join('/')],
    [
      "a registry's host",
      ['https:', '', ['registry', 'example', 'org'].join('.'), 'pino'].join('/'),
    ],
    ['a folder that says nothing', ['shared', 'log.ts'].join('/')],
  ])('does not have %s', (what, text) => {
    expect(holdsOnEveryMachine({ path: 'README.md', text: `\n${text}` })).toEqual([
      expect.stringContaining(`README.md:2 has ${what}`),
    ])
  })

  test('may have addresses and paths of its own', () => {
    const text =
      'https://c2sp.org/tlog-tiles packages/tidy/src ~/jejak ./root/a https://a.example/home/b'
    expect(holdsOnEveryMachine({ path: 'README.md', text })).toEqual([])
  })
})
