import { defineConfig } from 'vitest/config'

const report = process.env.BELFRY_TEST_REPORT

export default defineConfig({
  test: {
    include: ['{protocol,client,server,web,cli,bench}/test/**/*.test.{ts,tsx}', 'test/**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', '**/planted/**'],
    environment: 'node',
    pool: 'forks',
    globalSetup: ['test/announce-missing.ts'],
    reporters: report ? ['default', ['json', { outputFile: report }]] : ['default'],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    teardownTimeout: 10_000,
  },
})
