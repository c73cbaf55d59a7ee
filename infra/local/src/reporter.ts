import { stdout } from 'node:process'
import { styleText } from 'node:util'
import type { Reporter, TestModule, TestSuite } from 'vitest/node'
import { type Need, needs } from './needs.ts'

/**
 * Says at the end which suites had no broker, and on the last line of all how the run went:
 * `N passed, N failed`.
 */
export const tally = (): Reporter => {
  let counts = { passed: 0, failed: 0, skipped: 0 }
  return {
    onInit() {
      // Only here is nothing printed afterwards.
      process.once('exit', code => {
        // A run may fail without a failed test: no test was found, or it was interrupted.
        const failed = code === 0 ? counts.failed : Math.max(counts.failed, 1)
        const skipped = counts.skipped ? `, ${counts.skipped} skipped` : ''
        stdout.write(`${counts.passed} passed, ${failed} failed${skipped}\n`)
      })
    },
    onTestRunEnd(modules, unhandledErrors) {
      counts = countOf(modules)
      counts.failed += unhandledErrors.length
      for (const need of Object.keys(needs) as Need[]) complain(need, modules)
    },
  }
}

const countOf = (modules: readonly TestModule[]) => {
  const counts = { passed: 0, failed: 0, skipped: 0, pending: 0 }
  for (const module of modules) {
    for (const test of module.children.allTests()) counts[test.result().state]++
    // A file that does not load and a beforeAll that fails have no failed test.
    for (const suite of [module, ...module.children.allSuites()]) {
      if (suite.errors().length > 0) counts.failed++
    }
  }
  return counts
}

const complain = (need: Need, modules: readonly TestModule[]) => {
  const missing = modules[0]?.project.getProvidedContext().supplies[need]
  if (typeof missing !== 'object') return
  const suites = modules.flatMap(module =>
    [...module.children.allSuites()].filter(suite => suite.meta().need === need),
  )
  if (suites.length === 0) return
  const tests = suites.flatMap(suite => [...suite.children.allTests()])
  const size = `${plural(suites.length, 'suite')}, ${plural(tests.length, 'test')}`
  const title = ` NOT TESTED for want of ${needs[need].title}: ${size} `
  stdout.write(`\n${styleText(['bold', 'black', 'bgYellow'], title)}\n`)
  for (const suite of suites) stdout.write(`  ${nameOf(suite)}\n`)
  stdout.write(`Looked for it:\n${missing.missing.map(reason => `  ${reason}\n`).join('')}`)
  stdout.write(`To have it: ${advice[need]}\n\n`)
}

const plural = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`

const nameOf = (suite: TestSuite) => `${suite.module.relativeModuleId} > ${suite.fullName}`

const advice: Record<Need, string> = {
  mongo: 'install Python with pip (Linux x64), or start Docker, or set JEJAK_TEST_MONGO_URL',
  kafka: 'install Java 17 and Maven, or start Docker, or set JEJAK_TEST_KAFKA',
  ownMongo: 'install Python with pip (Linux x64)',
  ownKafka: 'install Java 17 and Maven',
}
