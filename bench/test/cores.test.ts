import { expect, test } from 'vitest'
import { coresOf } from '#cores.ts'
import { coresListed } from '#process-usage.ts'

test('server and generator never share a core', () => {
  expect([[], [0], [0, 1], [0, 1, 2, 3]].map(coresOf)).toEqual([
    null,
    null,
    { servers: '0', generator: '1' },
    { servers: '0,1,2', generator: '3' },
  ])
})

test('they have those alone that the process may use', () => {
  expect(coresOf(coresListed('2-4,7'))).toEqual({ servers: '2,3,4', generator: '7' })
})
