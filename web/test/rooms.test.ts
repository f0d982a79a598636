import { describe, expect, test } from 'vitest'
import type { ListedRoom } from '@belfry/client/belfry.ts'
import { isRoomsPath, roomPath } from '#account/paths.ts'
import { isFoundBy } from '#shell/folded.ts'
import { namesInWords, otherOf, roomName, withOneself } from '#shell/room-names.ts'
import { inListOrder } from '#shell/room-order.ts'
import { roomBeside, sectionsOf } from '#shell/room-sections.ts'
import { placesFor } from '#shell/switcher-places.ts'
import { deedFor } from '#shell/use-keys.ts'
import { actsAs, isAtLeast } from '#shell/room-power.ts'
import { listedRoom } from './listed-room.ts'

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

describe('the list of rooms', () => {
  test('General first, then by name as people sort names', () => {
    const rooms = [
      listedRoom('b', 'Release 17'),
      listedRoom('e', 'release 2'),
      listedRoom('a', 'Élan'),
      listedRoom('general', 'General'),
      listedRoom('c', 'den'),
      listedRoom('d', 'den'),
    ]
    expect(inListOrder(rooms).map(({ id }) => id)).toEqual(['general', 'c', 'd', 'a', 'e', 'b'])
  })
})

describe('the rooms beside every page', () => {
  const drawn = (rooms: ListedRoom[], current: string | null = null, unread: string[] = []) =>
    sectionsOf(rooms, { current, unread: new Set(unread), nameOf: ({ name }) => name })
      .filter((section) => section.rooms.length > 0)
      .map((section) => `${section.is}: ${section.rooms.map(({ id }) => id).join(' ')}`)

  test('are one’s own that are in use, and the one on the page', () => {
    const rooms = [listedRoom('a', 'Attic', { archivedAt: 1 }), listedRoom('b', 'Barn', { role: null }), listedRoom('c', 'Cellar')]
    expect(drawn(rooms)).toEqual(['rooms: c'])
    expect(drawn(rooms, 'a')).toEqual(['rooms: a c'])
    expect(drawn(rooms, 'b')).toEqual(['rooms: b c'])
  })

  test('stand by what is new, what one likes, and what they are', () => {
    const rooms = [
      listedRoom('general', 'General'),
      listedRoom('a', 'Attic', { favouriteAt: 1 }),
      listedRoom('b', 'Barn', { unread: 2, favouriteAt: 1 }),
      listedRoom('c', 'Bob', { people: ['alice', 'bob'], isPair: true, kind: 'direct' }),
      listedRoom('d', 'Den', { unread: 2, notify: 'nothing' }),
      listedRoom('e', 'Eaves', { mentions: 1, notify: 'nothing' }),
    ]
    expect(drawn(rooms)).toEqual(['unread: b e', 'favourites: a', 'rooms: general d', 'conversations: c'])
  })

  test('the one that is being read stays among the unread until one leaves it', () => {
    const rooms = [listedRoom('a', 'Attic'), listedRoom('b', 'Barn')]
    expect(drawn(rooms, 'a', ['a', 'b'])).toEqual(['unread: a', 'rooms: b'])
    expect(drawn(rooms, 'b', ['a'])).toEqual(['rooms: a b'])
  })

  test('what is hidden comes back with something newer', () => {
    expect(drawn([listedRoom('a', 'Attic', { posted: 3, hiddenTo: 3 })])).toEqual([])
    expect(drawn([listedRoom('a', 'Attic', { posted: 4, hiddenTo: 3 })])).toEqual(['rooms: a'])
  })

  test('one goes from one to the next, and round', () => {
    const rooms = [listedRoom('a', 'a'), listedRoom('b', 'b', { unread: 1 }), listedRoom('c', 'c'), listedRoom('d', 'd', { mentions: 1 })]
    const beside = (current: string | null, step: 1 | -1, isToNews = false) => roomBeside(rooms, { current, step, isToNews })?.id ?? null
    expect([beside('a', 1), beside('a', -1), beside('d', 1), beside(null, 1), beside(null, -1)]).toEqual(['b', 'd', 'a', 'a', 'd'])
    expect([beside('a', 1, true), beside('b', 1, true), beside('b', -1, true), beside('d', 1, true)]).toEqual(['b', 'd', 'd', 'b'])
    expect(roomBeside([listedRoom('a', 'a')], { current: 'a', step: 1, isToNews: false })).toBeNull()
  })

  test('are found by part of their name, whatever the accents and the case', () => {
    const found = (words: string) => ['Attic', 'Bärn'].filter((name) => isFoundBy(name, words))
    expect([found(' ATT '), found('barn'), found('BÄR'), found('c n')]).toEqual([['Attic'], ['Bärn'], ['Bärn'], []])
    expect(found('')).toHaveLength(2)
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

describe('what a conversation is called', () => {
  const known = new Map(['alice', 'bob', 'carol'].map((id) => [id, { ...ALICE, id, name: id.toUpperCase(), role: 'member' as const }]))

  test('by the others in it, as one would say it', () => {
    expect(['', 'a', 'a b', 'a b c', 'a b c d', 'a b c d e f'].map((names) => namesInWords(names.split(' ').filter(Boolean)))).toEqual([
      'Only you',
      'a',
      'a and b',
      'a, b and c',
      'a, b, c and d',
      'a, b, c and 3 others',
    ])
    expect(roomName({ name: '', people: ['carol', 'alice', 'bob'], isPair: false }, known, 'alice')).toBe('BOB and CAROL')
    expect(roomName({ name: '', people: ['alice', 'bob'], isPair: true }, known, 'alice')).toBe('BOB')
    expect(roomName({ name: '', people: ['alice', 'prachi'], isPair: true }, known, 'alice')).toBe('…')
    expect(roomName({ name: 'Den', people: null, isPair: false }, known, 'alice')).toBe('Den')
  })

  test('of two it has the other’s face; a group of which two are left has none, and another name than their pair', () => {
    expect(otherOf({ people: ['alice', 'bob'], isPair: true }, 'alice')).toBe('bob')
    expect(otherOf({ people: ['alice', 'bob', 'carol'], isPair: false }, 'alice')).toBeNull()
    expect(otherOf({ people: null, isPair: false }, 'alice')).toBeNull()
    const left = { name: '', people: ['alice', 'bob'], isPair: false }
    expect(otherOf(left, 'alice')).toBeNull()
    expect(roomName(left, known, 'alice')).toBe('You and BOB')
  })

  test.each([
    [['alice', 'bob'], true, 'You and BOB'],
    [['alice', 'bob'], false, 'You and BOB'],
    [['alice', 'bob', 'carol'], false, 'You, BOB and CAROL'],
    [['alice'], false, 'Only you'],
  ])('where it begins, with oneself: %s', (people, isPair, said) => {
    const called = { name: '', people, isPair }
    expect(withOneself(roomName(called, known, 'alice'), called)).toBe(said)
  })
})

describe('the switcher', () => {
  const names = (words: string, rooms: ListedRoom[], people = [{ ...ALICE, id: 'bob', name: 'Bob', role: 'member' as const }]) =>
    placesFor(words, { rooms, people, nameOf: ({ name }) => name, ownId: 'alice' }).map((place) => `${place.is} ${place.name}`)

  test('shows what begins with the words, then what calls for one and what is new; people without a conversation last', () => {
    const rooms = [
      listedRoom('a', 'Old barn', { unread: 1 }),
      listedRoom('b', 'Barn'),
      listedRoom('c', 'Bärenhöhle'),
      listedRoom('d', 'Attic'),
    ]
    expect(names('ba', rooms)).toEqual(['room Bärenhöhle', 'room Barn', 'room Old barn', 'person Bob'])
    expect(names('', rooms, [])).toEqual(['room Old barn', 'room Attic', 'room Bärenhöhle', 'room Barn'])
    const calling = listedRoom('e', 'Zoo', { unread: 1, mentions: 1 })
    expect(names('', [...rooms, calling], [])).toEqual(['room Zoo', 'room Old barn', 'room Attic', 'room Bärenhöhle', 'room Barn'])
    expect(names('ba', [listedRoom('a', 'Barn', { archivedAt: 1 }), listedRoom('b', 'Bath')], [])).toEqual(['room Bath', 'room Barn'])
    const withBob = { people: ['alice', 'bob'], kind: 'direct' as const }
    expect(names('bo', [listedRoom('x', 'Bob', { ...withBob, isPair: true })])).toEqual(['room Bob'])
    expect(names('bo', [listedRoom('x', 'You and Bob', withBob)])).toEqual(['person Bob', 'room You and Bob'])
    const group = listedRoom('g', 'Bob and Carol', { people: ['alice', 'bob', 'carol'], kind: 'direct', unread: 1, mentions: 1 })
    const pair = listedRoom('x', 'Bob', { ...withBob, isPair: true })
    for (const words of ['bob', 'bo']) expect(names(words, [group, pair], [])).toEqual(['room Bob', 'room Bob and Carol'])
    expect(names('bob', [group, listedRoom('r', 'Bobs corner', { unread: 1 })])).toEqual([
      'person Bob',
      'room Bobs corner',
      'room Bob and Carol',
    ])
  })
})

describe('keys on every page', () => {
  const pressed = (key: string, held: object = {}) =>
    deedFor({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, target: null, ...held })

  test('switch, list, and go up and down', () => {
    expect(pressed('k', { ctrlKey: true })).toEqual({ is: 'switch' })
    expect(pressed('K', { metaKey: true })).toEqual({ is: 'switch' })
    expect(pressed('k')).toBeNull()
    expect(pressed('?', { shiftKey: true })).toEqual({ is: 'list' })
    expect(pressed('ArrowUp', { altKey: true })).toEqual({ is: 'go', step: -1, isToNews: false })
    expect(pressed('ArrowDown', { altKey: true, shiftKey: true })).toEqual({ is: 'go', step: 1, isToNews: true })
    expect(pressed('ArrowDown', { altKey: true, ctrlKey: true })).toBeNull()
  })
})
