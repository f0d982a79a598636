import type { Message, Room, User } from '@belfry/protocol/rows.ts'
import type { ShownKey } from '#accounts/keys.ts'
import type { Screen } from './screen.ts'
import { settles } from './settle.ts'
import type { TestNode } from './test-node.ts'
import { type Person, World } from './world.ts'

/** Who somebody is to a room; the administrator is no member of it, and of the two guests the visitor is. In a conversation all members are equal. */
export const ROLES = ['outsider', 'removed', 'member', 'moderator', 'owner', 'admin', 'guest', 'visitor'] as const
export type Role = (typeof ROLES)[number]

export const KINDS = ['open', 'closed', 'archived', 'news', 'direct', 'pair'] as const
export type Kind = (typeof KINDS)[number]

/** Those that have a name; of the others one is a group that somebody has left, and one the owner's with one other person. */
export const NAMED: readonly Kind[] = ['open', 'closed', 'archived', 'news']

/** In the order of the roles: who may read a room of this kind. */
export const READERS: Record<Kind, string> = {
  open: '++++++-+',
  closed: '--+++--+',
  archived: '++++++-+',
  /** Open, and moderators write alone. */
  news: '++++++-+',
  direct: '--+++--+',
  pair: '----+---',
}

export function reads(role: Role, kind: Kind): boolean {
  return READERS[kind][ROLES.indexOf(role)] === '+'
}

/** What becomes of a request, as the tables say it. */
const CODES: Record<string, string> = {
  '.': 'done',
  'N': 'not-found',
  'F': 'forbidden',
  'A': 'archived',
  'O': 'last-owner',
  'U': 'unauthenticated',
  'C': 'conflict',
  'T': 'name-taken',
  'R': 'unknown-recipient',
  'W': 'wrong-credentials',
  'P': 'wrong-password',
  'X': 'username-taken',
}

export function codesOf(letters: string): (string | undefined)[] {
  return [...letters].map((letter) => CODES[letter])
}

export interface Scene {
  kind: Kind
  room: Room
  /** The owner's, and an ordinary member's. */
  messages: { owners: Message; others: Message }
  /** A member, and somebody who is none. */
  author: Person
  stranger: Person
  /** Texts that stand nowhere else: what the room is called and about, and what was written there after somebody was removed. */
  secrets: string[]
}

/** Of somebody who is in no room with any guest, of the owner of all rooms, and of what the owner's bell rang with. */
export const NAMES = { hermit: 'Name of the hermit', owner: 'Name of the owner', bell: 'Title for the owner' }

/** Everybody of a table, each with a screen at one node. */
export class Stage implements AsyncDisposable {
  readonly world: World
  readonly node: TestNode
  readonly people: Record<Role, Person>
  readonly author: Person
  readonly stranger: Person
  readonly hermit: Person
  /** An account that was disabled. */
  readonly disabled: Person
  /** An API key that may all that keys may. */
  readonly key: string
  /** A notification of the owner's. */
  readonly bell: string
  /** The hermit's. */
  readonly picture: string
  /** An invitation of the operator's into all rooms that are made at once. */
  invite = ''
  readonly screens = new Map<Role, Screen>()
  #made = 0

  private constructor(
    world: World,
    cast: Pick<Stage, 'people' | 'author' | 'stranger' | 'hermit' | 'disabled' | 'key' | 'bell' | 'picture'>,
  ) {
    this.world = world
    this.node = world.opensNode()
    this.people = cast.people
    this.author = cast.author
    this.stranger = cast.stranger
    this.hermit = cast.hermit
    this.disabled = cast.disabled
    this.key = cast.key
    this.bell = cast.bell
    this.picture = cast.picture
  }

  static async open(): Promise<Stage> {
    const world = await World.open()
    const [owner, moderator, member, removed, outsider] = await world.people('alice', 'bob', 'carol', 'prachi', 'aman')
    const [admin, guest, visitor] = [
      await world.person('admin', 'admin'),
      await world.person('guest', 'guest'),
      await world.person('visitor', 'guest'),
    ]
    const people = { outsider, removed, member, moderator, owner, admin, guest, visitor }
    const [author, stranger, hermit, disabled] = await world.people('author', 'stranger', 'hermit', 'disabled')
    const picture = { picture: 'face', type: 'image/png', base64: '' }
    await hermit.does<User>('me.set-picture', { picture })
    await hermit.does<User>('me.update', { name: NAMES.hermit })
    await owner.does<User>('me.update', { name: NAMES.owner })
    await world.disables(disabled)
    const { key } = await world.operates<ShownKey & { key: string }>('key.create', { name: 'ci', scopes: ['notify', 'metrics'] })
    const { items } = await world.notifies(owner.id, { title: NAMES.bell })
    const stage = new Stage(world, { people, author, stranger, hermit, disabled, key, bell: items[0]!.id, picture: picture.picture })
    for (const role of ROLES) stage.screens.set(role, await people[role].opens(stage.node, [['workspace'], [people[role].topic]]))
    return stage
  }

  /** A room of each kind. */
  async makesAll(): Promise<Scene[]> {
    const scenes: Scene[] = []
    for (const kind of KINDS) scenes.push(await this.makes(kind))
    const rooms = scenes.filter(({ kind }) => kind !== 'archived' && NAMED.includes(kind)).map(({ room }) => room.id)
    this.invite = (await this.world.operates<{ id: string }>('invite.create', { role: 'guest', rooms })).id
    return scenes
  }

  async makes(kind: Kind): Promise<Scene> {
    const mark = `${kind} ${++this.#made}`
    const { author, stranger } = this
    const { room, messages } = await this.#begins(kind)
    const secrets = [`Text of ${mark}`]
    const { owner } = this.people
    await owner.post(secrets[0]!, { roomId: room.id })
    if (NAMED.includes(kind)) {
      secrets.push(`Name of ${mark}`, `About ${mark}`)
      await owner.does('room.update', { roomId: room.id, name: secrets[1], description: secrets[2] })
    }
    if (kind === 'archived') await owner.does('room.update', { roomId: room.id, archived: true })
    if (kind === 'news') await owner.does('room.update', { roomId: room.id, posting: 'moderators' })
    return { kind, room: { ...room, archivedAt: kind === 'archived' ? 1 : null }, messages, author, stranger, secrets }
  }

  /** All that somebody's screen was told until now. */
  async heard(role: Role): Promise<string> {
    await settles()
    this.node.realtime.feeds.tellWatchers()
    this.node.realtime.presence.tell()
    await settles()
    return JSON.stringify(this.screens.get(role)!.frames)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.world[Symbol.asyncDispose]()
  }

  #begins(kind: Kind): Promise<Pick<Scene, 'room' | 'messages'>> {
    if (kind === 'pair') return this.#opensPair()
    return kind === 'direct' ? this.#opensGroup() : this.#makesRoom(kind)
  }

  async #makesRoom(kind: Kind): Promise<Pick<Scene, 'room' | 'messages'>> {
    const { owner, moderator, member, removed, visitor } = this.people
    const name = `Room ${this.#made}`
    const room = await owner.does<Room>('room.create', { name, kind: kind === 'closed' ? 'closed' : 'open' })
    const roomId = room.id
    for (const { id } of [moderator, member, removed, this.author, visitor]) await owner.does('member.add', { roomId, id })
    await owner.does('member.update', { roomId, id: moderator.id, role: 'moderator' })
    const messages = await this.#writes(roomId, { author: this.author, readers: [owner, moderator, member, removed, visitor] })
    await owner.does('member.remove', { roomId, id: removed.id })
    return { room, messages }
  }

  /** With somebody of this scene alone, so that it is another conversation. */
  async #opensGroup(): Promise<Pick<Scene, 'room' | 'messages'>> {
    const { owner, moderator, member, removed, visitor } = this.people
    const extra = await this.world.person(`extra${this.#made}`)
    const others = [moderator, member, removed, visitor, this.author, extra].map(({ id }) => id)
    const room = await owner.does<Room>('direct.open', { people: others })
    const messages = await this.#writes(room.id, { author: this.author, readers: [owner, moderator, member, removed, visitor] })
    await removed.does('room.leave', { roomId: room.id })
    return { room, messages }
  }

  async #opensPair(): Promise<Pick<Scene, 'room' | 'messages'>> {
    const { owner } = this.people
    const other = await this.world.person(`other${this.#made}`)
    const room = await owner.does<Room>('direct.open', { people: [other.id] })
    return { room, messages: await this.#writes(room.id, { author: other, readers: [owner] }) }
  }

  async #writes(roomId: string, { author, readers }: { author: Person; readers: Person[] }): Promise<Scene['messages']> {
    const { owner } = this.people
    const messages = { owners: await owner.post('mine', { roomId }), others: await author.post('theirs', { roomId }) }
    const likes = (person: Person) => person.does('reaction.add', { roomId, id: messages.owners.id, emoji: '👍' })
    await Promise.all(readers.map(likes))
    return messages
  }
}
