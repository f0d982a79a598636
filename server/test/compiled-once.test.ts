import { expect, test } from 'vitest'
import { compiledOnce, rounded } from '#store/compiled-once.ts'
import { openWriter } from '#store/sqlite/connection.ts'

test('a query is compiled once for each length of its lists, and answers for the values of each time', async () => {
  const { db, exec } = openWriter(':memory:')
  exec(`CREATE TABLE topics (topic text, seq integer, floor integer, posted integer);
    INSERT INTO topics VALUES ('a', 1, 0, 7), ('b', 2, 0, 7), ('c', 3, 0, 8)`)
  let compiled = 0
  const seqs = compiledOnce((on, topics: string[], posted: number[]) => {
    compiled += 1
    return on
      .selectFrom('topics')
      .select('seq')
      .where('floor', '=', 0)
      .where('posted', 'in', posted)
      .where('topic', 'in', topics)
      .orderBy('seq')
  })
  expect(await seqs(db, ['a', 'c'], [7])).toEqual([{ seq: 1 }])
  expect(await seqs(db, ['b', 'c'], [8])).toEqual([{ seq: 3 }])
  expect(compiled).toBe(1)
  expect(await seqs(db, ['a', 'b'], [7, 8])).toEqual([{ seq: 1 }, { seq: 2 }])
  expect(await seqs(db, ['a'], [7, 8])).toEqual([{ seq: 1 }])
  expect(compiled).toBe(3)

  // Of a long list nothing is kept, and nothing that is kept makes room for it.
  const long = Array.from({ length: 1_025 }, () => 8)
  for (let times = 0; times < 2; times++) expect(await seqs(db, ['c'], long)).toEqual([{ seq: 3 }])
  expect(compiled).toBe(5)
  await seqs(db, ['a', 'c'], [7])
  expect(compiled).toBe(5)
})

test('lists are rounded up to a power of two by their last value, but for the longest', () => {
  expect(rounded([])).toEqual([])
  expect(rounded(['a'])).toEqual(['a'])
  expect(rounded(new Set(['a', 'b', 'c']))).toEqual(['a', 'b', 'c', 'c'])
  expect(rounded(Array.from({ length: 1_000 }))).toHaveLength(1_024)
  expect(rounded(Array.from({ length: 1_025 }))).toHaveLength(1_025)
})
