import type { Member, Room, User } from '@belfry/protocol/rows.ts'
import { GENERAL_ROOM, roomTopic } from '@belfry/protocol/topics.ts'
import { describe, expect, test } from 'vitest'
import { findsSessions } from '#accounts/authenticate.ts'
import { createUser, type NewUser } from '#accounts/create-user.ts'
import { listInvites, type ShownInvite } from '#accounts/invites.ts'
import { signUp } from '#accounts/sign-up.ts'
import type { Actor, WriteFunction } from '#store/batch.ts'
import { settles } from './settle.ts'
import { testWrites } from './test-writes.ts'
import { Person, refusal, World, type WorldOptions } from './world.ts'

interface Made {
  id: string
  role: User['role']
  rooms: string[]
  secret: string
}

interface Stage extends AsyncDisposable {
  world: World
  /** Administers, and owns the closed Den. */
  alice: Person
  bob: Person
  den: string
}

async function stage(options: WorldOptions = {}): Promise<Stage> {
  const world = await World.open(options)
  const [alice, bob] = [await world.person('alice', 'admin'), await world.person('bob')]
  return { world, alice, bob, den: await makes(alice, 'Den'), [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() }
}

async function makes(person: Person, name: string, more: Partial<Room> = {}): Promise<string> {
  return (await person.does<Room>('room.create', { name, kind: 'closed', ...more })).id
}

function invites(by: Person, role: User['role'], ...rooms: string[]): Promise<Made> {
  return by.does('invite.create', { role, rooms })
}

/** Accepts the invitation, and is signed in. */
async function comes({ world }: Stage, username: string, { secret }: Made): Promise<Person> {
  const now = world.clock.now()
  const { user, token } = await signUp(world.store, { username, password: 'correct horse', invite: secret, device: 'x', now })
  const session = await findsSessions(world)(token)
  return new Person(world, user, { token, sessionId: session!.sessionId })
}

/** As somebody has it in the list; without them, as the operator. */
async function listed(world: World, { id }: Made, by?: Person): Promise<ShownInvite | undefined> {
  const actor: Actor = by ? { is: 'person', userId: by.id, sessionId: by.device.sessionId } : { is: 'operator' }
  const { items } = await world.store.read((db) => listInvites(db, { input: {}, actor }))
  return items.find((invite) => invite.id === id)
}

/** In which they are. */
async function roomsOf({ world }: Stage, person: Person): Promise<string[]> {
  const screen = await person.opens(world.opensNode(), [])
  const { items } = (await screen.calls('room.list', {})).result as { items: { name: string; role: string | null }[] }
  return items.filter(({ role }) => role !== null).map(({ name }) => name)
}

describe('who accepts an invitation', () => {
  test('[A1] as a guest is one, and sees the rooms alone that it names, closed ones too', async () => {
    await using at = await stage()
    await makes(at.alice, 'Garden', { kind: 'open' })
    const made = await invites(at.alice, 'guest', at.den, at.den)
    expect(made).toMatchObject({ role: 'guest', rooms: [at.den] })
    const prachi = await comes(at, 'prachi', made)
    expect(prachi.user.role).toBe('guest')
    expect(await roomsOf(at, prachi)).toEqual(['Den'])
    expect(await refusal(prachi.post('hello'))).toBe('not-found')
    expect(await prachi.post('hello', { roomId: at.den })).toMatchObject({ n: 1 })
  })

  test('as a member is in General and in these rooms, with all read, and whoever is there is told', async () => {
    await using at = await stage()
    const screen = await at.alice.opens(at.world.opensNode(), [[roomTopic(at.den)]])
    await at.alice.post('before', { roomId: at.den })
    const prachi = await comes(at, 'prachi', await invites(at.alice, 'member', at.den))
    await settles()
    expect(screen.rows(roomTopic(at.den), 'member')).toMatchObject([{ id: prachi.id, role: 'member', seesAfter: 0 }])
    expect(await roomsOf(at, prachi)).toEqual(['Den', 'General'])
    const places = (await at.world.table('places')).filter(({ userId }) => userId === prachi.id)
    expect(new Map(places.map(({ id, readTo }) => [id, readTo]))).toEqual(
      new Map([
        [at.den, 1],
        [GENERAL_ROOM, 0],
      ]),
    )
  })

  test('[A1] sees what is written from then on, where newcomers do', async () => {
    await using at = await stage()
    const attic = await makes(at.alice, 'Attic', { history: 'since-joined' })
    await at.alice.post('before', { roomId: attic })
    const prachi = await comes(at, 'prachi', await invites(at.alice, 'guest', attic))
    await at.alice.post('after', { roomId: attic })
    const screen = await prachi.opens(at.world.opensNode(), [[roomTopic(attic)]])
    expect(screen.bodies(roomTopic(attic))).toEqual(['after'])
    const { items } = (await screen.calls('room.list', {})).result as { items: { seesAfter: number }[] }
    expect(items).toMatchObject([{ seesAfter: 1, unread: 1 }])
  })

  test('does not come into a room that is archived by then, and is in all the same; a guest without any room is not, and uses nothing up', async () => {
    await using at = await stage()
    const attic = await makes(at.alice, 'Attic')
    const made = await invites(at.alice, 'guest', attic, at.den)
    const members = await invites(at.alice, 'member', at.den)
    await at.alice.does('room.update', { roomId: attic, archived: true })
    expect(await roomsOf(at, await comes(at, 'prachi', made))).toEqual(['Den'])
    await at.alice.does('room.update', { roomId: at.den, archived: true })
    expect(await refusal(comes(at, 'aman', made))).toBe('forbidden')
    expect(await listed(at.world, made)).toMatchObject({ uses: 1, rooms: [], moreRooms: 0 })
    expect(await roomsOf(at, await comes(at, 'carol', members))).toEqual(['General'])
    await at.alice.does('room.update', { roomId: at.den, archived: false })
    expect(await roomsOf(at, await comes(at, 'aman', made))).toEqual(['Den'])
  })
})

describe('[A1] [A3] an invitation leads no further than its maker could lead when it is accepted', () => {
  test('into no closed room that they have left, or moderate no more, or that was open before', async () => {
    await using at = await stage()
    const [barn, garden] = [await makes(at.bob, 'Barn'), await makes(at.bob, 'Garden', { kind: 'open' })]
    await at.bob.does('member.add', { roomId: barn, id: at.alice.id })
    await at.bob.does('member.update', { roomId: barn, id: at.alice.id, role: 'moderator' })
    const made = await invites(at.alice, 'guest', at.den, barn, garden)
    const operators = await at.world.operates<Made>('invite.create', { role: 'guest', rooms: [barn] })
    expect(await roomsOf(at, await comes(at, 'prachi', made))).toEqual(['Barn', 'Den', 'Garden'])
    await at.bob.does('member.update', { roomId: barn, id: at.alice.id, role: 'member' })
    expect(await roomsOf(at, await comes(at, 'aman', made))).toEqual(['Den', 'Garden'])
    await at.alice.does('room.leave', { roomId: barn })
    await at.bob.does('room.update', { roomId: garden, kind: 'closed' })
    expect(await roomsOf(at, await comes(at, 'carol', made))).toEqual(['Den'])
    expect(await roomsOf(at, await comes(at, 'carol2', operators))).toEqual(['Barn'])
  })

  test('who administers no more leads into the closed rooms that they moderate; who is disabled into none', async () => {
    await using at = await stage()
    const garden = await makes(at.bob, 'Garden', { kind: 'open' })
    const [guests, members] = [await invites(at.alice, 'guest', at.den, garden), await invites(at.alice, 'member', at.den)]
    await at.world.operates('user.update', { id: at.bob.id, role: 'admin' })
    await at.bob.does('user.update', { id: at.alice.id, role: 'member' })
    expect(await roomsOf(at, await comes(at, 'prachi', guests))).toEqual(['Den'])
    await at.bob.does('user.update', { id: at.alice.id, isDisabled: true })
    expect(await refusal(comes(at, 'aman', guests))).toBe('forbidden')
    expect(await listed(at.world, guests)).toMatchObject({ uses: 1, rooms: [], moreRooms: 0 })
    expect(await roomsOf(at, await comes(at, 'carol', members))).toEqual(['General'])
  })

  test('[W7] also when they lose it while whoever comes waits for the locks', async () => {
    const waits: WriteFunction<NewUser, User> = (tx, write) => {
      const lock = tx.lock.bind(tx)
      tx.lock = async (...topics) => {
        await lock(...topics)
        await tx.db.updateTable('members').set({ endedAt: 1 }).where('roomId', '!=', GENERAL_ROOM).execute()
      }
      return createUser(tx, write)
    }
    await using at = await stage({ writes: { ...testWrites, 'user.create': { one: waits } } })
    const made = await invites(at.alice, 'member', at.den)
    expect(await roomsOf(at, await comes(at, 'prachi', made))).toEqual(['General'])
    expect(await at.world.table('invites')).toMatchObject([{ uses: 1 }])
  })
})

test('[A3] who looks at an invitation, or revokes it, is told of the rooms alone that they may see, and how many others there are', async () => {
  await using at = await stage()
  await at.world.operates('user.update', { id: at.bob.id, role: 'admin' })
  const garden = await makes(at.bob, 'Garden', { kind: 'open' })
  const made = await invites(at.alice, 'guest', at.den, garden)
  expect(made).toMatchObject({ rooms: [at.den, garden], moreRooms: 0 })
  expect(await listed(at.world, made)).toMatchObject({ rooms: [at.den, garden], moreRooms: 0 })
  expect(await listed(at.world, made, at.alice)).toMatchObject({ rooms: [at.den, garden], moreRooms: 0 })
  expect(await listed(at.world, made, at.bob)).toMatchObject({ rooms: [garden], moreRooms: 1 })
  expect(await at.bob.does('invite.revoke', { id: made.id })).toMatchObject({ rooms: [garden], moreRooms: 1 })
})

describe('an invitation leads', () => {
  test('a guest into one room at least', async () => {
    await using at = await stage()
    expect(await refusal(invites(at.alice, 'guest'))).toBe('malformed')
    expect(await refusal(invites(at.alice, 'guest', GENERAL_ROOM))).toBe('forbidden')
  })

  test('[A3] into closed rooms alone into which its maker could bring somebody', async () => {
    await using at = await stage()
    const barn = await makes(at.bob, 'Barn')
    expect(await refusal(invites(at.alice, 'guest', barn))).toBe('not-found')
    await at.bob.does('member.add', { roomId: barn, id: at.alice.id })
    expect(await refusal(invites(at.alice, 'guest', barn))).toBe('forbidden')
    await at.bob.does<Member>('member.update', { roomId: barn, id: at.alice.id, role: 'moderator' })
    expect(await invites(at.alice, 'guest', barn)).toMatchObject({ rooms: [barn] })
    await at.alice.does('room.leave', { roomId: barn })
    expect(await refusal(invites(at.alice, 'guest', barn))).toBe('not-found')
    expect(await at.world.operates('invite.create', { role: 'guest', rooms: [barn] })).toMatchObject({ rooms: [barn] })
  })

  test('into open rooms without being there; into none that is archived, a conversation, or not there', async () => {
    await using at = await stage()
    const garden = await makes(at.bob, 'Garden', { kind: 'open' })
    expect(await invites(at.alice, 'member', garden)).toMatchObject({ rooms: [garden] })
    await at.bob.does('room.update', { roomId: garden, archived: true })
    expect(await refusal(invites(at.alice, 'member', garden))).toBe('archived')
    const { id: direct } = await at.alice.does<Room>('direct.open', { people: [at.bob.id] })
    for (const id of [direct, 'nowhere']) expect(await refusal(invites(at.alice, 'member', id))).toBe('not-found')
    expect(await refusal(at.bob.does('invite.create', { role: 'guest', rooms: [garden] }))).toBe('forbidden')
  })
})
