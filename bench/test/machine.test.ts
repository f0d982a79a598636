import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findProgram } from '#programs/find-program.ts'
import { commitOf, describeMachine } from '#report/machine.ts'

const ANYBODY = ['-c', 'user.name=Alice', '-c', 'user.email=alice@example.com', '-c', 'commit.gpgsign=false']

let folder: string
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'belfry-test-'))))
afterEach(() => rmSync(folder, { recursive: true }))

test.skipIf(findProgram('git') === null)('what was measured is named by its commit, and by whether it was changed since', () => {
  const git = (...args: string[]) => execFileSync('git', [...ANYBODY, ...args], { cwd: folder, encoding: 'utf8' }).trim()
  git('init', '--quiet')
  git('commit', '--quiet', '--allow-empty', '--message', 'One')
  const commit = git('rev-parse', '--short', 'HEAD')
  expect(commitOf(folder)).toEqual([`Commit ${commit}`])
  writeFileSync(join(folder, 'more'), '')
  expect(commitOf(folder)).toEqual([`Commit ${commit}, and changes that are not committed`])
})

test('where no git keeps it, nothing is named; that of a folder around it is another', () => {
  expect(commitOf(folder)).toEqual([])
  expect(commitOf(import.meta.dirname)).toEqual([])
})

test('how quick the machine is today is said too', () => {
  expect(describeMachine(folder).join('\n')).toMatch(/^A Node that does nothing starts and ends in [\d.]+ ms$/m)
})
