import { describe, expect, test } from 'vitest'
import { architecture } from '#architecture.js'
import { layerProblems } from '#scripts/layer-problems.ts'
import { resolve, rowOf } from '#scripts/lint/layers.ts'

test.each([
  ['server/src/chat/post-message.ts', './messages.ts', 'server/src/chat/messages.ts'],
  ['server/src/store/sqlite/connection.ts', '#store/write.ts', 'server/src/store/write.ts'],
  ['server/test/feed.test.ts', '#realtime/feed.ts', 'server/src/realtime/feed.ts'],
  ['web/src/room/composer.tsx', '@belfry/client/room.ts', 'client/src/room.ts'],
  ['test/journeys.test.ts', '#test/binaries.ts', 'test/binaries.ts'],
  ['server/src/http/app.ts', 'fastify', null],
])('%s imports %s: that is %s', (file, from, target) => {
  expect(resolve(file, from)).toBe(target)
})

test('the longest row speaks for a file', () => {
  expect(rowOf('server/src/store/sqlite/connection.ts')?.at).toBe('server/src/store/')
  expect(rowOf('web/vite.config.ts')?.at).toBe('web/')
  expect(rowOf('server/src/unheard-of/file.ts')).toBeUndefined()
})

test('every file of the repository has a row', () => {
  expect(layerProblems()).toEqual([])
})

describe.each(['server/src/', 'web/src/'])('%s', (root) => {
  const places = architecture.map(({ at }) => at).filter((at) => at.startsWith(root))

  test.each(places)('%s imports only what stands below it', (place) => {
    const row = architecture.find(({ at }) => at === place)!
    const own = row.may.filter((path) => path.startsWith(root))
    const above = places.slice(0, places.indexOf(place) + 1)
    expect(own.filter((path) => above.some((at) => path.startsWith(at)))).toEqual([])
    expect(own.filter((path) => !places.some((at) => path.startsWith(at)))).toEqual([])
  })
})
