import { afterEach, expect, test, vi } from 'vitest'
import { Together } from '#lib/together.ts'
import { settles } from './settle.ts'

function looking(answer: (asks: number[]) => Promise<string[]> = async (asks) => asks.map(String)) {
  const looks: number[][] = []
  const together = new Together<number, string>(64, (asks) => {
    looks.push(asks)
    return answer(asks)
  })
  return { looks, together }
}

test('what is asked in one turn of the loop is looked up at once, and each is answered their own', async () => {
  const { looks, together } = looking()
  expect(await Promise.all([together.ask(1), together.ask(2), together.ask(3)])).toEqual(['1', '2', '3'])
  expect(await together.ask(4)).toBe('4')
  expect(looks).toEqual([[1, 2, 3], [4]])
})

test('[P4] more than a look takes wait for the next one', async () => {
  const { looks, together } = looking()
  const asks = Array.from({ length: 150 }, (_, at) => at)
  expect(await Promise.all(asks.map((ask) => together.ask(ask)))).toEqual(asks.map(String))
  expect(looks.map(({ length }) => length)).toEqual([64, 64, 22])
})

test('a look that fails fails for those who asked, and for nobody after them', async () => {
  let isAway = true
  const { together } = looking(async (asks) => {
    if (isAway) throw new Error('away')
    return asks.map(String)
  })
  const answers = Promise.allSettled([together.ask(1), together.ask(2)])
  await settles()
  isAway = false
  expect((await answers).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(await together.ask(3)).toBe('3')
})

afterEach(() => vi.useRealTimers())

test('what is asked while two looks are under way is looked up by the next', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const ends: (() => void)[] = []
  const { looks, together } = looking(async (asks) => {
    await new Promise<void>((resolve) => ends.push(resolve))
    return asks.map(String)
  })
  const answers = []
  for (const ask of [1, 2, 3, 4]) {
    answers.push(together.ask(ask))
    await settles()
  }
  expect(looks).toEqual([[1], [2]])
  ends[0]!()
  await settles()
  expect(looks).toEqual([[1], [2], [3, 4]])
  for (const end of ends) end()
  expect(await Promise.all(answers)).toEqual(['1', '2', '3', '4'])
})

test('[P4] looks that hang hold up nobody who asks after them', async () => {
  const { looks, together } = looking((asks) => (asks[0]! < 3 ? new Promise<string[]>(() => {}) : Promise.resolve(asks.map(String))))
  for (const ask of [1, 2]) {
    void together.ask(ask)
    await settles()
  }
  expect(await Promise.all([together.ask(3), together.ask(4)])).toEqual(['3', '4'])
  expect(looks).toEqual([[1], [2], [3, 4]])
})
