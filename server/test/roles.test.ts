import type { Message, Room } from '@belfry/protocol/rows.ts'
import { ROUTES } from '@belfry/protocol/routes.ts'
import { expect, test } from 'vitest'
import type { Screen } from './screen.ts'
import { type Person, World } from './world.ts'

/** Who somebody is to a room; the administrator is no member of it, and of the two guests the visitor is. In a conversation all members are equal. */
const ROLES = ['outsider', 'removed', 'member', 'moderator', 'owner', 'admin', 'guest', 'visitor'] as const
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

interface Cast extends Pick<Scene, 'author' | 'stranger'> {
  people: Record<Role, Person>
  /** Somebody of this scene alone: with them a conversation is another. */
  extra: Person
}

interface Line {
  command: string
  input(scene: Scene): object
  open: string
  closed: string
  archived: string
  /** Open, and moderators write alone. */
  news: string
  direct: string
}

const LINES: Line[] = [
  {
    command: 'message.list',
    input: () => ({}),
    open: '......N.',
    closed: 'NN...NN.',
    archived: '......N.',
    news: '......N.',
    direct: 'NN...NN.',
  },
  {
    command: 'member.list',
    input: () => ({}),
    open: '......N.',
    closed: 'NN...NN.',
    archived: '......N.',
    news: '......N.',
    direct: 'NN...NN.',
  },
  {
    command: 'message.post',
    input: () => ({ body: 'hello' }),
    open: 'NN...NN.',
    closed: 'NN...NN.',
    archived: 'NNAAANNA',
    news: 'NNF..NNF',
    direct: 'NN...NN.',
  },
  {
    command: 'message.edit',
    input: ({ messages: { owners } }) => ({ id: owners.id, body: 'changed', changed: owners.changed }),
    open: 'NNNN.NNN',
    closed: 'NNNN.NNN',
    archived: 'NNNNANNN',
    news: 'NNNN.NNN',
    direct: 'NNNN.NNN',
  },
  {
    command: 'message.delete',
    input: ({ messages: { others } }) => ({ id: others.id }),
    open: 'NNN..NNN',
    closed: 'NNN..NNN',
    archived: 'NNN..NNN',
    news: 'NNN..NNN',
    direct: 'NNNNNNNN',
  },
  {
    command: 'room.update',
    input: () => ({ description: 'new' }),
    open: 'FFF...NF',
    closed: 'NNF..NNF',
    archived: 'FFF...NF',
    news: 'FFF...NF',
    direct: 'NNFFFNNF',
  },
  {
    command: 'message.versions',
    input: ({ messages }) => ({ id: messages.owners.id }),
    open: '......N.',
    closed: 'NN...NN.',
    archived: '......N.',
    news: '......N.',
    direct: 'NN...NN.',
  },
  {
    command: 'reaction.add',
    input: ({ messages }) => ({ id: messages.owners.id, emoji: '🎉' }),
    open: 'NN...NN.',
    closed: 'NN...NN.',
    archived: 'NNAAANNA',
    news: 'NN...NN.',
    direct: 'NN...NN.',
  },
  {
    command: 'reaction.remove',
    input: ({ messages }) => ({ id: messages.owners.id, emoji: '👍' }),
    open: 'NN...NN.',
    closed: 'NN...NN.',
    archived: 'NNAAANNA',
    news: 'NN...NN.',
    direct: 'NN...NN.',
  },
  {
    command: 'room.update',
    input: () => ({ posting: 'moderators' }),
    open: 'FFFF..NF',
    closed: 'NNFF.NNF',
    archived: 'FFFF..NF',
    news: 'FFF...NF',
    direct: 'NNFFFNNF',
  },
  {
    command: 'room.update',
    input: ({ room }) => ({ archived: !room.archivedAt }),
    open: 'FFFF..NF',
    closed: 'NNFF.NNF',
    archived: 'FFFF..NF',
    news: 'FFFF..NF',
    direct: 'NNFFFNNF',
  },
  {
    command: 'room.update',
    input: ({ room }) => ({ kind: room.kind === 'open' ? 'closed' : 'open' }),
    open: 'FFFF..NF',
    closed: 'NNFF.NNF',
    archived: 'FFFF..NF',
    news: 'FFFF..NF',
    direct: 'NNFFFNNF',
  },
  {
    command: 'room.join',
    input: () => ({}),
    open: '......N.',
    closed: 'NN...NN.',
    archived: 'AA...AN.',
    news: '......N.',
    direct: 'NN...NN.',
  },
  {
    command: 'room.read',
    input: () => ({ readTo: 1 }),
    open: 'NN...NN.',
    closed: 'NN...NN.',
    archived: 'NN...NN.',
    news: 'NN...NN.',
    direct: 'NN...NN.',
  },
  {
    command: 'place.update',
    input: () => ({ isFavourite: true }),
    open: 'NN...NN.',
    closed: 'NN...NN.',
    archived: 'NN...NN.',
    news: 'NN...NN.',
    direct: 'NN...NN.',
  },
  {
    command: 'room.leave',
    input: () => ({}),
    open: 'N...ONN.',
    closed: 'N...ONN.',
    archived: 'N...ONN.',
    news: 'N...ONN.',
    direct: 'N....NN.',
  },
  {
    // The visitor knows the stranger from the room before.
    command: 'member.add',
    input: ({ stranger }) => ({ id: stranger.id }),
    open: 'FF....N.',
    closed: 'NNF..NNF',
    archived: 'FFAAAANA',
    news: 'FF....N.',
    direct: 'NN...NN.',
  },
  {
    command: 'member.update',
    input: ({ author }) => ({ id: author.id, role: 'moderator' }),
    open: 'FFFF..NF',
    closed: 'NNFF.NNF',
    archived: 'FFFF..NF',
    news: 'FFFF..NF',
    direct: 'NNFFFNNF',
  },
  {
    command: 'member.remove',
    input: ({ author }) => ({ id: author.id }),
    open: 'FFF...NF',
    closed: 'NNF..NNF',
    archived: 'FFF...NF',
    news: 'FFF...NF',
    direct: 'NNFFFNNF',
  },
]

const KINDS = ['open', 'closed', 'archived', 'news', 'direct'] as const
type Kind = (typeof KINDS)[number]

test.each(LINES)('[A1] [A3] $command, by everybody, in every kind of room ($open)', async (line) => {
  await using world = await World.open()
  const [owner, moderator, member, removed, outsider] = await world.people('alice', 'bob', 'carol', 'prachi', 'aman')
  const [admin, guest, visitor] = [
    await world.person('admin', 'admin'),
    await world.person('guest', 'guest'),
    await world.person('visitor', 'guest'),
  ]
  const people: Record<Role, Person> = { outsider, removed, member, moderator, owner, admin, guest, visitor }
  const [author, stranger] = await world.people('author', 'stranger')
  const node = world.opensNode()
  const screens = new Map<Role, Screen>()
  for (const role of ROLES) screens.set(role, await people[role].opens(node, []))

  for (const kind of KINDS) {
    const became: string[] = []
    for (const role of ROLES) {
      const cast = { people, author, stranger, extra: await world.person(`extra${++made}`) }
      const scene = await makeRoom(cast, kind)
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

async function makeRoom(cast: Cast, kind: Kind): Promise<Scene> {
  const { people, author, stranger } = cast
  const { owner, moderator, member, removed, visitor } = people
  if (kind === 'direct') return openDirect(cast)
  const room = await owner.does<Room>('room.create', { name: `Room ${++made}`, kind: kind === 'closed' ? 'closed' : 'open' })
  const roomId = room.id
  for (const { id } of [moderator, member, removed, author, visitor]) await owner.does('member.add', { roomId, id })
  await owner.does('member.update', { roomId, id: moderator.id, role: 'moderator' })
  const messages = { owners: await owner.post('mine', { roomId }), others: await author.post('theirs', { roomId }) }
  const likes = (person: Person) => person.does('reaction.add', { roomId, id: messages.owners.id, emoji: '👍' })
  await Promise.all([owner, moderator, member, removed, visitor].map(likes))
  await owner.does('member.remove', { roomId, id: removed.id })
  if (kind === 'archived') await owner.does('room.update', { roomId, archived: true })
  if (kind === 'news') await owner.does('room.update', { roomId, posting: 'moderators' })
  return { room: { ...room, archivedAt: kind === 'archived' ? 1 : null }, messages, author, stranger }
}

async function openDirect({ people, author, stranger, extra }: Cast): Promise<Scene> {
  const { owner, moderator, member, removed, visitor } = people
  const others = [moderator, member, removed, visitor, author, extra].map(({ id }) => id)
  const room = await owner.does<Room>('direct.open', { people: others })
  const roomId = room.id
  const messages = { owners: await owner.post('mine', { roomId }), others: await author.post('theirs', { roomId }) }
  const likes = (person: Person) => person.does('reaction.add', { roomId, id: messages.owners.id, emoji: '👍' })
  await Promise.all([owner, moderator, member, removed, visitor].map(likes))
  await removed.does('room.leave', { roomId })
  return { room, messages, author, stranger }
}
