import { expect, test } from 'vitest'
import type { Member } from '@belfry/protocol/rows.ts'
import { type Loaded, nextPage, pagesAnew, withNewer } from '#about/use-members.ts'

const PEOPLE = 'abcdefghijklmnop'

/** Pages of two, of people a, b, c … */
async function ask({ cursor = 'a' }: { cursor?: string }): Promise<Loaded> {
  const at = PEOPLE.indexOf(cursor)
  const items = [...PEOPLE].slice(at, at + 2).map((id) => ({ id }) as Member)
  return { items, next: PEOPLE[at + 2] ?? null, total: PEOPLE.length, seq: 7 + at }
}

function said(loaded: Loaded | null) {
  return loaded && [loaded.items.map(({ id }) => id).join(''), loaded.next, loaded.seq]
}

const anew = async (atLeast: number, isWanted = () => true) => said(await pagesAnew(ask, { atLeast, isWanted }))

test('asked for anew, as many members stand there as before, as of when the first of them were read', async () => {
  expect(await anew(0)).toEqual(['ab', 'c', 7])
  expect(await anew(4)).toEqual(['abcd', 'e', 7])
})

test('of many pages the first five are asked for anew, and none where all is asked for anew already', async () => {
  expect(await anew(100)).toEqual(['abcdefghij', 'k', 7])
  let looks = 0
  expect(await anew(100, () => (looks += 1) < 3)).toBeNull()
  expect(looks).toBe(4)
})

test('more is one page more', async () => {
  const first = (await pagesAnew(ask, { atLeast: 0, isWanted: () => true }))!
  expect(said(await nextPage(ask, first))).toEqual(['abcd', 'e', 7])
})

test('who left between two pages is taken off the total once', async () => {
  const first = (await pagesAnew(ask, { atLeast: 0, isWanted: () => true }))!
  const second = await nextPage(async (page) => ({ ...(await ask(page)), total: PEOPLE.length - 1 }), first)
  const left = { id: 'a', changed: 8, endedAt: 1 } as Member
  expect(withNewer(second, [left])).toMatchObject({ total: PEOPLE.length - 1 })
})

test('what was changed here stands in what is read as of before, once, and gives way to what is newer', async () => {
  const first = (await pagesAnew(ask, { atLeast: 0, isWanted: () => true }))!
  const changes = [
    { id: 'a', changed: 8, endedAt: 1 },
    { id: 'b', changed: 8, role: 'owner', endedAt: null },
    { id: 'x', changed: 8, endedAt: 1 },
  ] as Member[]
  const shown = withNewer(withNewer(first, changes), changes)
  expect(shown).toMatchObject({ items: [{ id: 'b', role: 'owner' }], total: PEOPLE.length - 1 })
  expect(withNewer({ ...first, seq: 8 }, changes).items).toEqual(first.items)
})
