import { describe, expect, test } from 'vitest'
import type { ListedRoom } from '@belfry/client/belfry.ts'
import { isRoomsPath, roomPath } from '#account/paths.ts'
import { holding } from '#browse/holding.ts'
import { inListOrder, inSidebar } from '#shell/room-order.ts'
import { actsAs, isAtLeast } from '#shell/room-power.ts'

const ALICE = {
  id: 'alice',
  changed: 1,
  username: 'alice',
  name: 'Alice',
  picture: null,
  importedFrom: null,
  createdAt: 0,
  disabledAt: null,
}

function room(id: string, name: string, own: Partial<ListedRoom> = {}): ListedRoom {
  const about = { description: '', kind: 'open', posting: 'members', history: 'whole', archivedAt: null, people: null } as const
  const place = { notify: 'mentions', mentions: 0, favouriteAt: null, hiddenTo: null } as const
  return { id, name, ...about, seq: 1, posted: 0, role: 'member', readTo: 0, unread: 0, ...place, ...own }
}

describe('the list of rooms', () => {
  test('General first, then by name as people sort names', () => {
    const rooms = [room('b', 'release'), room('a', 'Élan'), room('general', 'General'), room('c', 'den'), room('d', 'den')]
    expect(inListOrder(rooms).map(({ id }) => id)).toEqual(['general', 'c', 'd', 'a', 'b'])
  })
})

describe('the rooms beside every page', () => {
  test('are one’s own that are in use, and the one on the page', () => {
    const rooms = [room('a', 'Attic', { archivedAt: 1 }), room('b', 'Barn', { role: null }), room('c', 'Cellar')]
    expect(inSidebar(rooms, null).map(({ id }) => id)).toEqual(['c'])
    expect(inSidebar(rooms, 'a').map(({ id }) => id)).toEqual(['a', 'c'])
    expect(inSidebar(rooms, 'b').map(({ id }) => id)).toEqual(['b', 'c'])
  })

  test('are found by words of their name or description, in whatever case', () => {
    const rooms = [room('a', 'Attic', { description: 'Old things' }), room('b', 'Barn')]
    expect(holding(rooms, ' OLD ').map(({ id }) => id)).toEqual(['a'])
    expect(holding(rooms, 'barn').map(({ id }) => id)).toEqual(['b'])
    expect(holding(rooms, '')).toHaveLength(2)
  })
})

describe('what one may do in a room', () => {
  test.each([
    ['member', 'open', 'owner', 'owner'],
    ['member', 'closed', null, null],
    ['member', 'open', null, null],
    ['admin', 'open', null, 'owner'],
    ['admin', 'open', 'member', 'owner'],
    ['admin', 'closed', 'member', 'member'],
  ] as const)('%s, in an %s room as %s, acts as %s', (...[role, kind, own, acts]) => {
    expect(actsAs({ role: own, kind }, { ...ALICE, role })).toBe(acts)
  })

  test('grows with the role', () => {
    const roles = [null, 'member', 'moderator', 'owner'] as const
    expect(roles.map((role) => isAtLeast(role, 'moderator'))).toEqual([false, false, true, true])
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
