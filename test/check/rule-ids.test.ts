import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { ruleProblems } from '#scripts/rule-problems.ts'

const folders: string[] = []
/** Written apart, so that these are no citations of this repository's own. */
const id = (name: string) => `[${name}]`

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

test('a rule that a title begins with is cited', () => {
  const tests = `test('${id('F1')} ${id('F2')} in order', () => {})\ntest.each([1])(\n  "${id('W3, W4')} %i", () => {})`
  expect(problems({ rules: ['F1', 'F2', 'W3', 'W4'], tests })).toEqual([])
})

test('a rule that no title cites is reported, a later one is not', () => {
  const found = problems({ rules: ['F1', 'F2'], later: ['F3'], tests: `test('${id('F1')} in order, ${id('F2')} too', () => {})` })
  expect(found).toEqual([`${id('F2')} (PROTOCOL.md) is cited by no test's title.`])
})

test('a citation of what no document defines is reported with its file', () => {
  const found = problems({ rules: ['F1'], tests: `test('${id('F1')}', () => {})`, source: `/** ${id('Z9')} */ const a = list[A1]` })
  expect(found).toEqual([`${id('Z9')} is cited in server/src/feed.ts and defined nowhere.`])
})

test('a rule that is defined twice is reported', () => {
  expect(problems({ rules: ['F1', 'F1'], tests: `test('${id('F1')}', () => {})` })).toEqual([`${id('F1')} is defined twice.`])
})

function problems({
  rules,
  later = [],
  tests,
  source = '',
}: {
  rules: string[]
  later?: string[]
  tests: string
  source?: string
}): string[] {
  const root = mkdtempSync(join(tmpdir(), 'belfry-rules-'))
  folders.push(root)
  const lines = [...rules.map((rule) => `- ${id(rule)} Holds.`), ...later.map((rule) => `- ${id(rule)} (later) Will hold.`)]
  write(join(root, 'PROTOCOL.md'), lines.join('\n'))
  write(join(root, 'server/test/feed.test.ts'), tests)
  write(join(root, 'server/src/feed.ts'), source)
  return ruleProblems(root)
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}
