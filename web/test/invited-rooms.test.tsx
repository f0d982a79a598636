import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import type { ListedRoom } from '@belfry/client/belfry.ts'
import { INVITE_ROOMS_MAX } from '@belfry/protocol/limits.ts'
import type { User } from '@belfry/protocol/rows.ts'
import { type InvitableRooms, invitableRooms, stillAmong } from '#admin/invitable-rooms.ts'
import { InvitedRooms } from '#admin/invited-rooms.tsx'
import { listedRoom } from './listed-room.ts'

const ALICE: User = {
  id: 'alice',
  changed: 1,
  username: 'alice',
  name: 'Alice',
  role: 'admin',
  picture: null,
  importedFrom: null,
  createdAt: 0,
  disabledAt: null,
}

function room(id: string, own: Partial<ListedRoom> = {}): ListedRoom {
  return listedRoom(id, id, { role: 'owner', ...own })
}

function drawn(is: InvitableRooms['is'], { ids = [], chosen = [] }: { ids?: string[]; chosen?: string[] } = {}): string {
  const invitable = { is, rooms: ids.map((id) => room(id)), refresh: () => {} }
  return renderToStaticMarkup(<InvitedRooms invitable={invitable} chosen={chosen} isNeeded onChoose={() => {}} />)
}

test('one brings people into rooms that are in use, in which one could add them', () => {
  const rooms = [
    room('general'),
    room('attic', { archivedAt: 1 }),
    room('barn', { kind: 'direct', people: ['alice', 'bob'] }),
    room('den', { kind: 'closed', role: 'member' }),
    room('loft', { role: null }),
    room('cellar', { kind: 'closed', role: 'moderator' }),
  ]
  expect(invitableRooms(rooms, ALICE).map(({ id }) => id)).toEqual(['cellar', 'loft'])
})

test('what can be chosen no more is chosen no more', () => {
  expect(stillAmong([room('attic'), room('den')], ['den', 'barn'])).toEqual(['den'])
})

test('while rooms are loaded, or cannot be, nothing says that there are none', () => {
  expect(drawn('loading')).toContain('Loading rooms…')
  expect(drawn('failed')).toContain('Try again')
  for (const is of ['loading', 'failed'] as const) expect(drawn(is)).not.toContain('Make a room first')
  expect(drawn('ready')).toContain('Make a room first')
})

test('of so many rooms as an invitation leads into no more are chosen, and it is said why', () => {
  const ids = Array.from({ length: INVITE_ROOMS_MAX + 2 }, (_, at) => `room ${at}`)
  const disabled = (chosen: string[]) => drawn('ready', { ids, chosen }).split('disabled=""').length - 1
  expect(disabled(ids.slice(0, INVITE_ROOMS_MAX - 1))).toBe(0)
  expect(disabled(ids.slice(0, INVITE_ROOMS_MAX))).toBe(2)
  expect(drawn('ready', { ids, chosen: ids.slice(0, INVITE_ROOMS_MAX) })).toContain('leads into 50 rooms at most')
})
