import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const page = readFileSync(join(root, 'docs/architecture.md'), 'utf8')

/** `dispatch` in `packages/rpc/src/dispatch.ts`, be there a line break between them. */
const steps = [...page.matchAll(/`(\w+)`\s+in\s+`([\w-]+\/[\w./-]+\.ts)`/g)].map(
  ([, name, path]) => ({
    name: name as string,
    path: path as string,
  }),
)

describe('the life of an assessment', () => {
  test('goes from the call to the history', () => {
    expect(steps.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['dispatch', 'submit', 'idempotentConsumer', 'historyOf']),
    )
    expect(steps.length).toBeGreaterThan(30)
  })

  test.each(steps)('has $name in $path', ({ name, path }) => {
    const source = readFileSync(join(root, path), 'utf8')
    expect(source).toMatch(
      new RegExp(`^export (const|class|(async )?function\\*?) ${name}\\b`, 'm'),
    )
  })
})
