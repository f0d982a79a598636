import type { Message, Room } from '@belfry/protocol/rows.ts'
import { ROUTES } from '@belfry/protocol/routes.ts'
import { expect, test } from 'vitest'
import type { Screen } from './screen.ts'
import { type Person, World } from './world.ts'

/** Who somebody is to a room; the administrator is no member of it. */
const ROLES = ['outsider', 'removed', 'member', 'moderator', 'owner', 'admin'] as const
type Role = (typeof ROLES)[number]

/** In the order of the roles: what becomes of each command. */
const CODES: Record<string, string> = { '.': 'done', 'N': 'not-found', 'F': 'forbidden', 'A': 'archived', 'O': 'last-owner' }

interface Scene {
  room: Room
  /** The owner's, and an ordinary member's. */
  messages: { owners: Message; others: Message }
  /** A member, and somebody who is none. */
  author: Person
  stranger: Person
}

interface Line {
  command: string
  input(scene: Scene): object
  open: string
  closed: string
  archived: string
  /** Open, and moderators write alone. */
  news: string
}

const LINES: Line[] = [
  { command: 'message.list', input: () => ({}), open: '......', closed: 'NN...N', archived: '......', news: '......' },
  { command: 'member.list', input: () => ({}), open: '......', closed: 'NN...N', archived: '......', news: '......' },
  { command: 'message.post', input: () => ({ body: 'hello' }), open: 'NN...N', closed: 'NN...N', archived: 'NNAAAN', news: 'NNF..N' },
  {
    command: 'message.edit',
    input: ({ messages: { owners } }) => ({ id: owners.id, body: 'changed', changed: owners.changed }),
    open: 'NNNN.N',
    closed: 'NNNN.N',
    archived: 'NNNNAN',
    news: 'NNNN.N',
  },
  {
    command: 'message.delete',
    input: ({ messages: { others } }) => ({ id: others.id }),
    open: 'NNN..N',
    closed: 'NNN..N',
    archived: 'NNN..N',
    news: 'NNN..N',
  },
  { command: 'room.update', input: () => ({ description: 'new' }), open: 'FFF...', closed: 'NNF..N', archived: 'FFF...', news: 'FFF...' },
  {
    command: 'room.update',
    input: () => ({ posting: 'moderators' }),
    open: 'FFFF..',
    closed: 'NNFF.N',
    archived: 'FFFF..',
    news: 'FFF...',
  },
  {
    command: 'room.update',
    input: ({ room }) => ({ archived: !room.archivedAt }),
    open: 'FFFF..',
    closed: 'NNFF.N',
    archived: 'FFFF..',
    news: 'FFFF..',
  },
  {
    command: 'room.update',
    input: ({ room }) => ({ kind: room.kind === 'open' ? 'closed' : 'open' }),
    open: 'FFFF..',
    closed: 'NNFF.N',
    archived: 'FFFF..',
    news: 'FFFF..',
  },
  { command: 'room.join', input: () => ({}), open: '......', closed: 'NN...N', archived: 'AA...A', news: '......' },
  { command: 'room.read', input: () => ({ readTo: 1 }), open: 'NN...N', closed: 'NN...N', archived: 'NN...N', news: 'NN...N' },
  { command: 'room.leave', input: () => ({}), open: 'N...ON', closed: 'N...ON', archived: 'N...ON', news: 'N...ON' },
  {
    command: 'member.add',
    input: ({ stranger }) => ({ id: stranger.id }),
    open: 'FF....',
    closed: 'NNF..N',
    archived: 'FFAAAA',
    news: 'FF....',
  },
  {
    command: 'member.update',
    input: ({ author }) => ({ id: author.id, role: 'moderator' }),
    open: 'FFFF..',
    closed: 'NNFF.N',
    archived: 'FFFF..',
    news: 'FFFF..',
  },
  {
    command: 'member.remove',
    input: ({ author }) => ({ id: author.id }),
    open: 'FFF...',
    closed: 'NNF..N',
    archived: 'FFF...',
    news: 'FFF...',
  },
]

const KINDS = ['open', 'closed', 'archived', 'news'] as const
type Kind = (typeof KINDS)[number]

test.each(LINES)('[A1] [A3] $command, by everybody, in every kind of room ($open)', async (line) => {
  await using world = await World.open()
  const [owner, moderator, member, removed, outsider] = await world.people('alice', 'bob', 'carol', 'prachi', 'aman')
  const people: Record<Role, Person> = { outsider, removed, member, moderator, owner, admin: await world.person('admin', 'admin') }
  const [author, stranger] = await world.people('author', 'stranger')
  const node = world.opensNode()
  const screens = new Map<Role, Screen>()
  for (const role of ROLES) screens.set(role, await people[role].opens(node, []))

  for (const kind of KINDS) {
    const became: string[] = []
    for (const role of ROLES) {
      const scene = await makeRoom({ people, author, stranger }, kind)
      const { refusal } = await screens.get(role)!.calls(line.command, { roomId: scene.room.id, ...line.input(scene) })
      became.push(refusal?.code ?? 'done')
    }
    expect({ kind, became }).toEqual({ kind, became: [...line[kind]].map((code) => CODES[code]) })
  }
})

test('the table names every command about a room', () => {
  const named = new Set(LINES.map(({ command }) => command))
  const about = Object.entries(ROUTES).filter(([, { path }]) => path.includes(':roomId'))
  expect(about.map(([name]) => name).filter((name) => !named.has(name))).toEqual([])
})

let made = 0

async function makeRoom(cast: { people: Record<Role, Person>; author: Person; stranger: Person }, kind: Kind): Promise<Scene> {
  const { people, author, stranger } = cast
  const { owner, moderator, member, removed } = people
  const room = await owner.does<Room>('room.create', { name: `Room ${++made}`, kind: kind === 'closed' ? 'closed' : 'open' })
  const roomId = room.id
  for (const { id } of [moderator, member, removed, author]) await owner.does('member.add', { roomId, id })
  await owner.does('member.update', { roomId, id: moderator.id, role: 'moderator' })
  await owner.does('member.remove', { roomId, id: removed.id })
  const messages = { owners: await owner.post('mine', { roomId }), others: await author.post('theirs', { roomId }) }
  if (kind === 'archived') await owner.does('room.update', { roomId, archived: true })
  if (kind === 'news') await owner.does('room.update', { roomId, posting: 'moderators' })
  return { room: { ...room, archivedAt: kind === 'archived' ? 1 : null }, messages, author, stranger }
}
