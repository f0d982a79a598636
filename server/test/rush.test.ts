import { getHeapSpaceStatistics } from 'node:v8'
import { expect, test } from 'vitest'
import { collectYoung } from '#lib/collect-young.ts'
import { Rush } from '#realtime/rush.ts'

function come(rush: Rush, people: number): void {
  for (let one = 0; one < people; one++) rush.comes()
}

test('a rush is over when many have come and few still do, and once; the first is the start', () => {
  let over = 0
  const rush = new Rush(() => (over += 1))
  const overAfter = (people: number) => {
    come(rush, people)
    rush.look()
    return over
  }
  expect(overAfter(51)).toBe(0)
  expect(overAfter(50)).toBe(0)
  expect(overAfter(51)).toBe(0)
  expect(overAfter(0)).toBe(0)
  expect(overAfter(50)).toBe(1)
  expect(overAfter(50)).toBe(1)
  expect(overAfter(949)).toBe(1)
  expect(overAfter(0)).toBe(1)
  expect(overAfter(0)).toBe(1)
  expect(overAfter(1)).toBe(2)
})

test('what was allocated last and let go of is collected', () => {
  const youngBytes = () => getHeapSpaceStatistics().find((space) => space.space_name === 'new_space')!.space_used_size
  const held = Array.from({ length: 200 }, (_, at) => ({ at, text: [`${at}`] }))
  const before = youngBytes()
  collectYoung()
  expect(youngBytes()).toBeLessThan(before / 2)
  expect(held).toHaveLength(200)
  expect('gc' in globalThis).toBe(false)
})
