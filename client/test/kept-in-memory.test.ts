import { expect, test } from 'vitest'
import { keepInMemory } from '#kept-in-memory.ts'
import { keptStories } from './kept-stories.ts'

test.each(keptStories)('$title', async ({ told, expected }) => {
  expect(await told({ tab: keepInMemory() })).toEqual(expected)
})
