/* Prints the totals of vitest's JSON report as one plain line, for .ci/run. */
import { readFileSync } from 'node:fs'

const report = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const { numPassedTests: passed, numFailedTests, numPendingTests, numTodoTests, testResults } = report
// A file that could not even be loaded has no tests to count.
const broken = testResults.filter(({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0).length
const failed = numFailedTests + broken
const skipped = numPendingTests + numTodoTests

console.log(`tests: ${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
if (failed > 0 || (skipped > 0 && process.env.BELFRY_TEST_ALL === '1')) process.exitCode = 1
