import { describe, expect, test } from 'vitest'
import type { ListedRoom } from '@belfry/client/belfry.ts'
import { isRoomsPath, roomPath } from '#account/paths.ts'
import { inListOrder } from '#shell/room-order.ts'

function room(id: string, name: string): ListedRoom {
  const about = { description: '', kind: 'open', posting: 'members', archivedAt: null } as const
  return { id, name, ...about, seq: 1, posted: 0, role: 'member', readTo: 0, unread: 0 }
}

describe('the list of rooms', () => {
  test('General first, then by name as people sort names', () => {
    const rooms = [room('b', 'release'), room('a', 'Élan'), room('general', 'General'), room('c', 'den'), room('d', 'den')]
    expect(inListOrder(rooms).map(({ id }) => id)).toEqual(['general', 'c', 'd', 'a', 'b'])
  })
})

describe('addresses', () => {
  test('of a room, and of a message in it', () => {
    expect(roomPath('general')).toBe('/rooms/general')
    expect(roomPath('general', '0198c5d2')).toBe('/rooms/general/0198c5d2')
  })

  test.each([
    ['/rooms', true],
    ['/rooms/', true],
    ['/rooms/general', false],
    ['/roomsy', false],
  ])('%s is the list: %s', (path, expected) => {
    expect(isRoomsPath(path)).toBe(expected)
  })
})
