import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { NoSkips } from './test/no-skips.ts'
import { sharedData } from './test/shared-data.ts'

const report = process.env.BELFRY_TEST_REPORT

export default defineConfig({
  test: {
    include: ['{protocol,client,server,web,cli,bench}/test/**/*.test.{ts,tsx}', 'test/**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', '**/planted/**', ...(sharedData.missing ? ['test/real-data/**'] : [])],
    environment: 'node',
    pool: 'forks',
    // Journeys wait for browsers and servers more than they work: also on two cores two files run at a time.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    globalSetup: ['test/announce-missing.ts'],
    reporters: ['default', new NoSkips(), ...(report ? [['json', { outputFile: report }] as const] : [])],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    teardownTimeout: 10_000,
  },
})
