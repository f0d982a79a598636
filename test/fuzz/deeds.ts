import type { Room } from '@belfry/protocol/rows.ts'
import type { CommandName } from '@belfry/protocol/routes.ts'
import type { Person, World } from '#server/test/world.ts'
import type { Dice } from '#bench/src/dice.ts'

const ARRANGED = [
  { notify: 'everything' },
  { notify: 'nothing' },
  { notify: 'mentions' },
  { isFavourite: true },
  { isFavourite: false },
  { isHidden: true },
]

/** Has an owner from the beginning. */
const GOVERNED = 'cellar'

/** So many rooms are made by people. */
const MADE_MAX = 3
/** So many people come while it rages. */
const ARRIVED_MAX = 3

const CHANGES = [
  { kind: 'open' },
  { kind: 'closed' },
  { archived: true },
  { archived: false },
  { posting: 'moderators' },
  { posting: 'members' },
  { history: 'since-joined' },
  { description: 'Another one' },
] as const

/** What people do in rooms that no screen shows, and with their accounts. Much of it is refused. */
export class Deeds {
  readonly #world: World
  readonly #dice: Dice
  readonly #used: Set<string>
  readonly #made: string[] = []
  #arrived = 0

  constructor({ world, dice, used }: { world: World; dice: Dice; used: Set<string> }) {
    this.#world = world
    this.#dice = dice
    this.#used = used
  }

  /** Sometimes with a key that was there before. */
  rings(people: readonly Person[]): Promise<unknown> {
    const dice = this.#dice
    const key = dice.happens(0.3) && { key: `key ${dice.below(5)}` }
    return this.#operates('notification.publish', { to: people.map(({ id }) => id), title: 'Build failed', ...key })
  }

  /** People come and go, write, delete and read. */
  async inTower(person: Person): Promise<unknown> {
    const dice = this.#dice
    const roomId = 'tower'
    const own = (await this.#world.table('messages')).filter((row) => row.roomId === roomId && row.authorId === person.id && !row.deletedAt)
    return dice.weighted<() => Promise<unknown>>([
      [10, () => person.post(`from the tower ${dice.below(1e9)}`, { roomId })],
      [3, () => (own.length > 0 ? person.deletes(dice.pick(own)) : Promise.resolve())],
      [3, () => person.does('room.read', { roomId, readTo: dice.below(60), ...(dice.happens(0.3) && { back: true }) })],
      [1, () => this.#does(person, 'room.leave', { roomId })],
      [2, () => this.#does(person, 'room.join', { roomId })],
    ])()
  }

  /** Conversations begin, grow, end by a block, and are left; and people have their rooms as they like. */
  async inPrivate(person: Person, standing: readonly Person[]): Promise<unknown> {
    const dice = this.#dice
    // Guests are strangers to most for most of the time.
    const others = standing.filter(({ user }) => dice.happens(user.role === 'guest' ? 0.1 : 0.5)).map(({ id }) => id)
    const people = others.length > 0 ? others : [dice.pick(standing).id]
    const { id: roomId } = await this.#does<Room>(person, 'direct.open', { people })
    const other = dice.pick(standing).id
    return dice.weighted<() => Promise<unknown>>([
      [10, () => person.post(`in private ${dice.below(1e9)}`, { roomId })],
      [2, () => this.#does(person, 'member.add', { roomId, id: other })],
      [1, () => this.#does(person, 'room.leave', { roomId })],
      [2, () => person.does('room.read', { roomId, readTo: dice.below(20) })],
      [3, () => this.#does(person, dice.pick(['block.create', 'block.end']), { id: other })],
      [3, () => this.#does(person, 'place.update', { roomId: dice.pick([roomId, 'general', 'tower']), ...dice.pick(ARRANGED) })],
    ])()
  }

  /** Rooms are made, filled, governed and left; also one that screens show. */
  async inMade(person: Person, standing: readonly Person[]): Promise<unknown> {
    const dice = this.#dice
    if (this.#made.length < MADE_MAX) return this.#makes(person)
    const roomId = dice.pick([...this.#made, GOVERNED])
    const { id } = dice.pick(standing)
    const name = `Room ${dice.below(6)}`
    // When that one was closed the storm itself has to know.
    const changes = [...CHANGES, { name }].filter((change) => roomId !== GOVERNED || !('kind' in change))
    return dice.weighted<() => Promise<unknown>>([
      [8, () => person.post(`made ${dice.below(1e9)}`, { roomId })],
      [6, () => this.#does(person, 'member.add', { roomId, id })],
      [4, () => this.#does(person, 'member.remove', { roomId, id })],
      [3, () => this.#does(person, 'member.update', { roomId, id, role: dice.pick(['owner', 'moderator', 'member']) })],
      [4, () => this.#does(person, 'room.update', { roomId, ...dice.pick(changes) })],
      [2, () => this.#does(person, 'room.join', { roomId })],
      [1, () => this.#does(person, 'room.leave', { roomId })],
    ])()
  }

  /** A guest who is in no room any more knows of nobody. */
  async leavesAll(guest: Person): Promise<unknown> {
    const places = (await this.#world.table('places')).filter(({ userId, endedAt }) => userId === guest.id && endedAt === null)
    // Their devices may be signed out.
    const leaving = guest.onAnotherDevice(await this.#world.signsIn(guest.id))
    return Promise.allSettled(places.map(({ id }) => this.#does(leaving, 'room.leave', { roomId: id })))
  }

  /** A guest leaves, somebody whom they knew is called something else from then on, and they meet again. */
  async parts(guest: Person, other: Person): Promise<unknown> {
    await this.leavesAll(guest)
    await this.#operates('user.update', { id: other.id, name: 'Another name' })
    return this.#world.operates('test.member', { roomId: 'cellar', userId: guest.id, is: 'in' })
  }

  /** How somebody is called and looks. */
  async ofAccount(person: Person): Promise<unknown> {
    const dice = this.#dice
    const { username } = person.user
    const picture = dice.happens(0.3) ? null : { picture: `picture ${dice.below(9)}`, type: 'image/png', base64: '' }
    return dice.weighted<() => Promise<unknown>>([
      [1, () => this.#does(person, 'room.read-all', { rooms: ['general', 'tower'].map((roomId) => ({ roomId, readTo: dice.below(60) })) })],
      [3, () => this.#does(person, 'me.update', { name: `${username} ${dice.below(1e6)}` })],
      [2, () => this.#does(person, 'me.set-picture', { picture })],
      [1, () => this.#operates('workspace.update', { name: `Workspace ${dice.below(1e6)}` })],
      [1, () => this.#operates('user.update', { id: person.id, name: `${username}, ${dice.below(1e6)}` })],
    ])()
  }

  /** Somebody comes by an invitation into rooms that screens show, is heard, and may be disabled again. */
  async arrives(): Promise<unknown> {
    const dice = this.#dice
    if (this.#arrived >= ARRIVED_MAX) return
    const rooms = dice.pick([[], ['cellar'], ['tower'], ['cellar', 'tower']])
    const role = rooms.length > 0 && dice.happens(0.3) ? 'guest' : 'member'
    const invite = await this.#operates<{ secret: string }>('invite.create', { role, rooms, usesMax: 1 })
    this.#used.add('user.create')
    const newcomer = await this.#world.comes(`newcomer-${++this.#arrived}`, invite)
    const where = role === 'guest' ? rooms : ['general', ...rooms]
    // In some of them moderators alone write.
    await Promise.allSettled(where.map((roomId) => newcomer.post(`here I am, @alice ${dice.below(1e9)}`, { roomId })))
    return dice.happens(0.3) ? this.#world.disables(newcomer) : null
  }

  async #makes(person: Person): Promise<unknown> {
    const { id } = await this.#does<Room>(person, 'room.create', {
      name: `Made ${this.#dice.below(1e9)}`,
      kind: this.#dice.pick(['open', 'closed']),
      history: this.#dice.pick(['whole', 'since-joined']),
    })
    return this.#made.push(id)
  }

  #does<Result>(person: Person, name: CommandName, input: object): Promise<Result> {
    this.#used.add(name)
    return person.does<Result>(name, input)
  }

  #operates<Result>(name: CommandName, input: object): Promise<Result> {
    this.#used.add(name)
    return this.#world.operates<Result>(name, input)
  }
}
