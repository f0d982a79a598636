import fc from 'fast-check'
import { expect, test } from 'vitest'
import { backoffMs } from '#backoff.ts'

const backoff = { firstMs: 500, mostMs: 20_000 }

test.each([
  [0, 500],
  [1, 1_000],
  [2, 2_000],
  [5, 16_000],
  [6, 20_000],
  [1_000, 20_000],
])('attempt %i waits at most %i ms', (attempt, mostMs) => {
  expect(backoffMs(backoff, attempt, () => 0.999_999)).toBe(mostMs - 1)
})

test('full jitter: any delay from nothing to the bound may come out', () => {
  fc.assert(
    fc.property(fc.nat(100), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (attempt, random) => {
      const bound = Math.min(backoff.mostMs, backoff.firstMs * 2 ** attempt)
      expect(backoffMs(backoff, attempt, () => random)).toBe(Math.floor(random * bound))
    }),
  )
})
