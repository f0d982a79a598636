import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Turnstile, WAITS_AT_MOST_MS, WIDENS_EVERY_MS } from '#store/postgres/turnstile.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }))
afterEach(() => void vi.useRealTimers())

const passes = (ms: number) => vi.advanceTimersByTimeAsync(ms)

/** A turnstile, who is in, who has gone away, and what they do. Whoever is named first came first. */
function turnstileOf(max: number) {
  const turnstile = new Turnstile(max)
  const [inside, refused] = [new Set<string>(), new Map<string, string>()]
  const lateAt = new Map<string, number>()
  const waits = (name: string, turn: Promise<void>) =>
    void turn.then(
      () => inside.add(name),
      ({ message }: Error) => refused.set(name, message),
    )
  return {
    inside,
    refused,
    comes(...names: string[]) {
      for (const name of names) {
        lateAt.set(name, performance.now() + WAITS_AT_MOST_MS)
        waits(name, turnstile.enter(lateAt.get(name)!))
      }
      return passes(0)
    },
    /** Finds no room inside but for so many. */
    stepsBack(name: string, width: number) {
      inside.delete(name)
      waits(name, turnstile.stepBack(width, lateAt.get(name)!))
      return passes(0)
    },
    leaves(name: string) {
      inside.delete(name)
      turnstile.leave()
      return passes(0)
    },
  }
}

test('[P4] so many are in at a time, and the others come in their order', async () => {
  const { inside, comes, leaves } = turnstileOf(2)
  await comes('alice', 'bob', 'carol', 'prachi')
  expect([...inside]).toEqual(['alice', 'bob'])
  await leaves('alice')
  expect([...inside]).toEqual(['bob', 'carol'])
})

test('[P4] whoever found no room is the next, before those who were never in', async () => {
  const { inside, comes, stepsBack, leaves } = turnstileOf(3)
  await comes('alice', 'bob', 'carol', 'prachi')
  await stepsBack('bob', 2)
  await stepsBack('carol', 1)
  expect([...inside]).toEqual(['alice'])
  await leaves('alice')
  expect([...inside]).toEqual(['bob'])
  await leaves('bob')
  expect([...inside]).toEqual(['carol'])
})

test('[P4] one more is let in each time, until as many are as ever', async () => {
  const { inside, comes, stepsBack } = turnstileOf(4)
  await comes('alice', 'bob', 'carol', 'prachi', 'aman')
  await stepsBack('prachi', 3)
  await stepsBack('carol', 2)
  await stepsBack('bob', 1)
  await passes(WIDENS_EVERY_MS)
  expect([...inside]).toEqual(['alice', 'prachi'])
  // It found no room yet.
  await stepsBack('prachi', 1)
  expect([...inside]).toEqual(['alice'])
  await passes(WIDENS_EVERY_MS)
  expect(inside.size).toBe(2)
  await passes(WIDENS_EVERY_MS)
  expect(inside.size).toBe(3)
  await passes(10 * WIDENS_EVERY_MS)
  expect(inside.size).toBe(4)
})

test('[P4] nobody waits longer in all, however often they step back', async () => {
  const { inside, refused, comes, stepsBack } = turnstileOf(2)
  await comes('alice', 'bob')
  for (let waited = 0; waited < WAITS_AT_MOST_MS; waited += WIDENS_EVERY_MS) {
    expect(inside).toContain('bob')
    await stepsBack('bob', 1)
    await passes(WIDENS_EVERY_MS)
  }
  await stepsBack('bob', 1)
  await passes(1)
  expect([...refused.keys()]).toEqual(['bob'])
  expect([...inside]).toEqual(['alice'])
})
