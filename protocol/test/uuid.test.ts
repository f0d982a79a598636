import { expect, test } from 'vitest'
import { uuidTime, uuidv7 } from '@belfry/protocol/uuid.ts'

test('ids are UUIDs of version 7, say when they were made, and grow', () => {
  const before = Date.now()
  const ids = Array.from({ length: 500 }, () => uuidv7())
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(uuidTime(ids[0]!)).toBeGreaterThanOrEqual(before)
  expect(ids.toSorted()).toEqual(ids)
})

test('each has randomness of its own, also where that is fetched anew', () => {
  const ends = Array.from({ length: 500 }, () => uuidv7().slice(-12))
  expect(new Set(ends).size).toBe(ends.length)
})
