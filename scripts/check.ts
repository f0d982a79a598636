import { spawnSync } from 'node:child_process'
import { delimiter, dirname, join } from 'node:path'
import { styleText } from 'node:util'
import { catalogueProblems } from './catalogue.ts'
import { layerProblems } from './layer-problems.ts'
import { protocolProblems, pinProtocol } from './protocol-hash.ts'
import { ruleProblems } from './rule-problems.ts'

/** `npm run check`: everything but the tests, a line a step. `--update-protocol` first pins the protocol and writes its catalogue anew. */

/** The tools run on the Node that runs this, whatever the machine's own is. */
const ENVIRONMENT = { ...process.env, PATH: [dirname(process.execPath), process.env.PATH].join(delimiter) }

interface Step {
  name: string
  /** What is wrong, ready to be read; nothing when all is well. */
  problems(): string[]
}

const STEPS: Step[] = [
  { name: 'format', problems: () => run('oxfmt', '--check') },
  {
    name: 'lint',
    problems: () => run('oxlint', '--type-aware', '--deny-warnings', '--format', 'unix', '--ignore-pattern', 'test/check/planted/**'),
  },
  { name: 'layers', problems: layerProblems },
  { name: 'types', problems: () => run('tsc') },
  { name: 'dead code', problems: () => run('knip', '--no-progress', '--no-config-hints') },
  { name: 'protocol hash', problems: () => protocolProblems() },
  { name: 'catalogue', problems: () => catalogueProblems() },
  { name: 'rule ids', problems: () => ruleProblems() },
]

if (process.argv.includes('--update-protocol')) pinProtocol()
const failed = STEPS.filter((step) => !passes(step))
console.log(failed.length === 0 ? 'All checks passed.' : `Failed: ${failed.map(({ name }) => name).join(', ')}.`)
process.exitCode = failed.length === 0 ? 0 : 1

function passes({ name, problems }: Step): boolean {
  const startedAt = performance.now()
  const found = problems()
  const took = `${Math.round(performance.now() - startedAt)} ms`
  console.log(`${mark(found.length === 0)} ${name.padEnd(14)} ${took.padStart(8)}`)
  for (const problem of found) console.log(problem.replaceAll(/^/gm, '    '))
  return found.length === 0
}

function mark(isWell: boolean): string {
  return isWell ? styleText('green', '✓') : styleText('red', '✗')
}

function run(command: string, ...args: string[]): string[] {
  const { status, stdout, stderr, error } = spawnSync(join('node_modules', '.bin', command), args, { encoding: 'utf8', env: ENVIRONMENT })
  if (status === 0) return []
  return [error?.message ?? `${stdout}${stderr}`.trim()]
}
