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
    globalSetup: 'infra/local/src/setup.ts',
    reporters: ['default', tally()],
  },
})
