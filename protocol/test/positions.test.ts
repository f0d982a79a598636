import { TOPICS_PER_CONNECTION_MAX } from '@belfry/protocol/limits.ts'
import { parsePositions, positionsQuery } from '@belfry/protocol/positions.ts'
import type { Position } from '@belfry/protocol/up.ts'
import { uuidv7 } from '@belfry/protocol/uuid.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'

const topic = fc.stringMatching(/^(?:room|user):[0-9a-z-]{1,64}$/)

function read(query: string): Position[] | null {
  return parsePositions(Object.fromEntries(new URLSearchParams(query)))
}

test('[F1] positions come out of an address as they went in', () => {
  const seq = fc.option(fc.maxSafeNat().map((n) => n % 1e15))
  const named = fc.tuple(topic, seq)
  fc.assert(
    fc.property(fc.string({ maxLength: 64 }), fc.array(named, { maxLength: TOPICS_PER_CONNECTION_MAX }), (epoch, all) => {
      const positions = all.map(([name, seq]): Position => (seq === null ? [name] : [name, epoch, seq]))
      expect(read(positionsQuery(positions))).toEqual(positions)
    }),
  )
})

test('[F3] what is of another epoch than the first is named without a position', () => {
  const query = positionsQuery([['workspace', 'new', 3], ['room:general', 'old', 900], ['room:den']])
  expect(read(query)).toEqual([['workspace', 'new', 3], ['room:general'], ['room:den']])
})

test('[P4] as many topics as one may follow stay within what proxies take, and not one more is read', () => {
  const fill = (bytes: Uint8Array) => void crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>)
  const newId = () => uuidv7({ now: () => Date.now(), fill })
  const epoch = newId()
  const most = Array.from({ length: TOPICS_PER_CONNECTION_MAX }, (): Position => [`room:${newId()}`, epoch, 1_000_000])
  expect(positionsQuery(most).length).toBeLessThan(7_500)
  expect(read(positionsQuery([...most, ['workspace']]))).toBeNull()
})

test.each([
  ['epoch=e&follow=room:general@', null],
  ['epoch=e&follow=room:general@-1', null],
  ['epoch=e&follow=room:general@1@2', null],
  ['follow=room:general@1', null],
  ['follow=room:general,,workspace', null],
  ['epoch=e', []],
  ['', []],
])('%s', (query, positions) => {
  expect(read(query)).toEqual(positions)
})
