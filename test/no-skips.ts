import type { Reporter, TestCase } from 'vitest/node'

/** With BELFRY_TEST_ALL=1 a skipped test is a failure: on a machine that has everything, nothing may be left out in silence. */
export class NoSkips implements Reporter {
  onTestCaseResult(test: TestCase): void {
    if (process.env.BELFRY_TEST_ALL !== '1' || test.result().state !== 'skipped') return
    console.error(`BELFRY_TEST_ALL=1, but this was skipped: ${test.module.relativeModuleId}: ${test.fullName}`)
    process.exitCode = 1
  }
}
