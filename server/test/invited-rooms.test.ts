import type { Member, Room, User } from '@belfry/protocol/rows.ts'
import { GENERAL_ROOM, roomTopic } from '@belfry/protocol/topics.ts'
import { describe, expect, test } from 'vitest'
import { findsSessions } from '#accounts/authenticate.ts'
import { signUp } from '#accounts/sign-up.ts'
import { settles } from './settle.ts'
import { Person, refusal, World } from './world.ts'

interface Made {
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

async function stage(): Promise<Stage> {
  const world = await World.open()
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

async function roomsOf({ world }: Stage, person: Person): Promise<string[]> {
  const screen = await person.opens(world.opensNode(), [])
  const { items } = (await screen.calls('room.list', {})).result as { items: { name: string }[] }
  return items.map(({ name }) => name)
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

  test('does not come into a room that is archived by then, and is in all the same', async () => {
    await using at = await stage()
    const attic = await makes(at.alice, 'Attic')
    const made = await invites(at.alice, 'guest', attic, at.den)
    await at.alice.does('room.update', { roomId: attic, archived: true })
    expect(await roomsOf(at, await comes(at, 'prachi', made))).toEqual(['Den'])
    await at.alice.does('room.update', { roomId: at.den, archived: true })
    expect(await roomsOf(at, await comes(at, 'aman', made))).toEqual([])
  })
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
