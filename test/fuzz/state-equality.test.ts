import { ROUTES } from '@belfry/protocol/routes.ts'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { faultsAfter } from './equality.ts'
import { LEFT_OUT } from './left-out.ts'
import { Storm } from './storm.ts'

/** `BELFRY_FUZZ_SEEDS=1000-1200 npx vitest run test/fuzz` runs those instead. */
const SEEDS = seedsFrom(process.env.BELFRY_FUZZ_SEEDS ?? '1-24')

/** So many storms between them use all that storms use. */
const SEEDS_FOR_ALL = 20
const used = new Set<string>()

function seedsFrom(range: string): number[] {
  const [first = 1, last = first] = range.split('-').map(Number)
  return Array.from({ length: last - first + 1 }, (_, at) => first + at)
}

// Sweeps and looks at connections happen when the run says so.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }))
afterEach(() => vi.useRealTimers())

test.each(SEEDS)('[F1] [F5] [W8] [N3] [A2] whatever the bus and the network do, all end with the same rows (seed %i)', async (seed) => {
  await using storm = await Storm.gathers(seed)
  await storm.rages()
  await storm.calms()
  expect(await faultsAfter(storm), `seed ${seed}`).toEqual([])
  for (const name of storm.used) used.add(name)
})

test('every command was used by some storm, or is left out for a reason', () => {
  const isUsed = (name: string) => used.has(name) || SEEDS.length < SEEDS_FOR_ALL
  expect(Object.keys(LEFT_OUT).filter((name) => used.has(name))).toEqual([])
  expect(Object.keys(ROUTES).filter((name) => !isUsed(name) && !(name in LEFT_OUT))).toEqual([])
})
