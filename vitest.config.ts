import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { tally } from './infra/local/src/reporter.ts'

export default defineConfig({
  test: {
    include: [
      'packages/**/*.test.ts',
      'infra/**/*.test.ts',
      'services/**/*.test.ts',
      'proto/**/*.test.ts',
    ],
    isolate: false,
    // Tests start hundreds of processes that load the same: it is compiled once.
    env: { NODE_COMPILE_CACHE: join(tmpdir(), 'jejak-compile-cache') },
    // Tests wait for processes of their own half of the time: by default two processors have one.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 20_000,
    globalSetup: 'infra/local/src/setup.ts',
    reporters: ['default', tally()],
  },
})
