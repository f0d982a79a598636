import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = resolve(import.meta.dirname, '..', '..')
const PLANTED = 'test/check/planted'

/** Folder of planted/ → the one rule that reports it. Each holds a file where such a file would stand in the repository. */
const EXPECTED: Record<string, string> = {
  'any': 'typescript(no-explicit-any)',
  'barrel': 'belfry(no-barrel)',
  'between-domains': 'belfry(layers)',
  'between-features': 'belfry(layers)',
  'climbing': 'belfry(layers)',
  'cycle': 'import(no-cycle)',
  'default-export': 'import(no-default-export)',
  'depth': 'eslint(max-depth)',
  'domain-verb': 'belfry(layers)',
  'empty-name': 'belfry(file-names)',
  'empty-name-alone': 'belfry(file-names)',
  'enum': 'belfry(no-enum)',
  'environment': 'node(no-process-env)',
  'environment-imported': 'eslint(no-restricted-imports)',
  'floating-promise': 'typescript(no-floating-promises)',
  'focused-test': 'vitest(no-focused-tests)',
  'forgotten-case': 'typescript(switch-exhaustiveness-check)',
  'index-file': 'belfry(file-names)',
  'long-file': 'eslint(max-lines)',
  'long-function': 'eslint(max-lines-per-function)',
  'long-test': 'eslint(max-lines)',
  'misused-promise': 'typescript(no-misused-promises)',
  'node-in-client': 'belfry(layers)',
  'ours-in-protocol': 'belfry(layers)',
  'parameters': 'eslint(max-params)',
  'rooms-in-realtime': 'belfry(layers)',
  'schema-in-client': 'belfry(layers)',
  'schema-in-web': 'belfry(layers)',
  'server-in-client': 'belfry(layers)',
  'snake-case': 'unicorn(filename-case)',
  'thrown-string': 'typescript(only-throw-error)',
  'upward': 'belfry(layers)',
  'upward-by-re-export': 'belfry(layers)',
  'upward-by-type': 'belfry(layers)',
  'upward-by-type-query': 'belfry(layers)',
  'upward-dynamically': 'belfry(layers)',
  'upward-within-root': 'belfry(layers)',
  'word-in-name': 'belfry(words)',
  'word-in-string': 'belfry(words)',
  'word-in-template': 'belfry(words)',
  'word-in-text': 'belfry(words)',
  'zod-in-web': 'belfry(layers)',
}

interface Finding {
  code: string
  message: string
  filename: string
}

const findings = lint()

test('every planted violation is expected, and every expected one is planted', () => {
  expect(readdirSync(join(ROOT, PLANTED)).toSorted()).toEqual([...Object.keys(EXPECTED), 'sound'].toSorted())
})

test.each(Object.entries(EXPECTED))('%s is reported by %s', (folder, rule) => {
  expect(reported(folder).map(({ code }) => code)).toContain(rule)
})

test('what keeps to the rules is not reported', () => {
  expect(reported('sound')).toEqual([])
})

test('a refused import says what is allowed', () => {
  expect(reported('rooms-in-realtime')[0]?.message).toContain(
    "server/src/realtime/ may not import '#chat/rooms.ts'. It may: #call.ts, #admit.ts, #topics.ts, #accounts/",
  )
  expect(reported('schema-in-client')[0]?.message).toContain("write 'import type'")
})

function reported(folder: string): Finding[] {
  return findings.filter(({ filename }) => filename.startsWith(`${PLANTED}/${folder}/`))
}

function lint(): Finding[] {
  const oxlint = join(ROOT, 'node_modules', 'oxlint', 'bin', 'oxlint')
  return (JSON.parse(outputOf(process.execPath, [oxlint, '--type-aware', '--format', 'json', PLANTED])) as { diagnostics: Finding[] })
    .diagnostics
}

/** Of a program that is bound to end with 1, because it finds something. */
function outputOf(command: string, args: string[]): string {
  try {
    return execFileSync(command, args, { cwd: ROOT, encoding: 'utf8', stdio: 'pipe' })
  } catch (error) {
    return (error as { stdout: string }).stdout
  }
}
