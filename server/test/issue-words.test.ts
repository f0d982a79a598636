import { commands } from '@belfry/protocol/commands.ts'
import { expect, test } from 'vitest'
import { issueWords } from '#lib/issue-words.ts'

function wordsAbout(input: object): string[] {
  const { error } = commands['notification.publish'].input.safeParse(input)
  return error!.issues.map((issue) => `${issue.path.join('.')} ${issueWords(issue)}`)
}

test.each([
  [{ to: 'prachi' }, 'title must be a string'],
  [{ to: 'prachi', title: ' ' }, 'title must not be blank'],
  [{ to: 'prachi', title: 'x'.repeat(201) }, 'title must be at most 200 characters'],
  [{ to: 'prachi', title: 'x', priority: 'huge' }, 'priority must be one of low, normal, high, urgent'],
  [{ to: 'prachi', title: 'x', url: 'javascript:alert(1)' }, 'url must be an http(s) address or a path that begins with one /'],
  [{ to: 7, title: 'x' }, 'to has no form that is understood'],
])('%o is refused in words: %s', (input, words) => {
  expect(wordsAbout(input)).toEqual([words])
})
