import { emoji as emojiSchema } from '@belfry/protocol/text.ts'
import { expect, test } from 'vitest'
import { EMOJI, emojiFor, rememberUsed } from '#room/emoji.ts'
import { reactionWords } from '#room/reaction-words.ts'

function people(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `p${at + 1}`)
}

test.each([
  [1, '👍 1: p1'],
  [2, '👍 2: p1, p2'],
  [10, '👍 10: p1, p2, p3, p4, p5, p6, p7, p8, p9, p10'],
  [11, '👍 11: p1, p2, p3, p4, p5, p6, p7, p8, p9, p10 and 1 other'],
  [13, '👍 13: p1, p2, p3, p4, p5, p6, p7, p8, p9, p10 and 3 others'],
])('who reacted, of %i: the first ten by name', (count, words) => {
  expect(reactionWords({ emoji: '👍', userIds: people(count) }, (id) => id)).toBe(words)
})

test('the server takes each that is offered; each is there once, under a name of its own', () => {
  for (const { emoji } of EMOJI) expect(emojiSchema.safeParse(emoji).success, emoji).toBe(true)
  expect(new Set(EMOJI.map(({ emoji }) => emoji)).size).toBe(EMOJI.length)
  expect(new Set(EMOJI.map(({ name }) => name)).size).toBe(EMOJI.length)
})

test('those used last stand first, each person’s own', () => {
  for (const emoji of ['☕', '🚀', '☕']) rememberUsed('alice', emoji)
  expect(
    emojiFor('alice')
      .slice(0, 3)
      .map(({ emoji }) => emoji),
  ).toEqual(['☕', '🚀', '👍'])
  expect(emojiFor('alice')).toHaveLength(EMOJI.length)
  expect(emojiFor('bob')).toEqual(EMOJI)
})
