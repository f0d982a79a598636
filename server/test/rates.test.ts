import { expect, test } from 'vitest'
import { Refusal } from '#lib/refusal.ts'
import { TokenBucket } from '#lib/token-bucket.ts'
import { countFailures, type Rates } from '#rates.ts'
import { refusal, TestClock } from './world.ts'

/** Rates of which every token is looked at: three failures, and none comes back by itself. */
function rates(): Rates {
  const clock = new TestClock()
  const bucket = () => new TokenBucket({ burst: 3, perSecond: 1e-9 }, clock)
  return { messages: bucket(), others: bucket(), notifications: bucket(), signIns: bucket() }
}

function refuses(code: 'busy' | 'unavailable' | 'unknown' | 'shutting-down' | 'wrong-credentials') {
  return () => Promise.reject(new Refusal(code, 'No.'))
}

function left({ signIns }: Rates, key: string): number {
  let tokens = 0
  while (signIns.take(key) === 0) tokens += 1
  return tokens
}

test.each(['busy', 'unavailable', 'unknown', 'shutting-down'] as const)(
  '[P4] who is told to come again (%s) has not failed',
  async (code) => {
    const at = rates()
    for (let times = 0; times < 5; times++) expect(await refusal(countFailures(at, ['here', 'alice'], refuses(code)))).toBe(code)
    expect([left(at, 'here'), left(at, 'alice')]).toEqual([3, 3])
  },
)

test('[P4] a wrong guess counts for the address and for the name, what is right for neither', async () => {
  const at = rates()
  expect(await refusal(countFailures(at, ['here', 'alice'], refuses('wrong-credentials')))).toBe('wrong-credentials')
  await countFailures(at, ['here', 'alice'], async () => 'in')
  expect([left(at, 'here'), left(at, 'alice')]).toEqual([2, 2])
})

test('[P4] whoever asks for a name that is guessed at elsewhere keeps the tries of their own address', async () => {
  const at = rates()
  for (let times = 0; times < 3; times++) await refusal(countFailures(at, ['elsewhere', 'alice'], refuses('wrong-credentials')))
  for (let times = 0; times < 5; times++) expect(await refusal(countFailures(at, ['here', 'alice'], async () => 'in'))).toBe('rate-limited')
  expect(left(at, 'here')).toBe(3)
})
