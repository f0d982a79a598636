import type { Room, User } from '@belfry/protocol/rows.ts'
import { GENERAL_ROOM } from '@belfry/protocol/topics.ts'
import { uuidv7 } from '@belfry/protocol/uuid.ts'
import type { Actor } from '@belfry/server/store/batch.ts'
import type { Store } from '@belfry/server/store/store.ts'
import { signIn, signUp } from '#programs/belfry-server.ts'

/** How many there are of whom and what. */
export interface Size {
  /** People with screens, who write. */
  writers: number
  screensEach: number
  /** People who only read, by sockets that cost little. */
  readers: number
  followersEach: number
  openRooms: number
  closedRooms: number
}

export interface SignedIn {
  token: string
  sessionId: string
}

export interface Person {
  id: string
  isWriter: boolean
  devices: SignedIn[]
}

export interface TownRoom {
  id: string
  kind: 'open' | 'closed'
}

/** Who lives there, and where they meet. */
export interface Town {
  /** Owns all rooms, and decides who is in them. */
  admin: { id: string; token: string }
  people: Person[]
  rooms: TownRoom[]
}

/** Makes it past the nodes, which find it in the database: before anybody comes. */
export async function settle(store: Store, size: Size): Promise<Town> {
  const admin = await signUp(store, { username: 'admin', role: 'admin' })
  const session = await signIn(store, admin.id)
  const as: Actor = { is: 'person', userId: admin.id, sessionId: session.sessionId }
  const people = await Promise.all(Array.from({ length: size.writers + size.readers }, (_, at) => moveIn(store, at, size)))
  const rooms: TownRoom[] = [{ id: GENERAL_ROOM, kind: 'open' }]
  for (let at = 0; at < size.openRooms + size.closedRooms; at++)
    rooms.push(await furnish(store, as, { name: `Room ${at}`, kind: at < size.openRooms ? 'open' : 'closed' }))
  for (const { id: roomId, kind } of rooms.slice(1)) {
    const members = people.filter((_, at) => kind === 'open' || at % 3 > 0)
    for (const { id } of members) await store.write({ name: 'member.add', input: { roomId, id }, actor: as })
  }
  return { admin: { id: admin.id, token: session.token }, people, rooms }
}

async function moveIn(store: Store, at: number, { writers, screensEach, followersEach }: Size): Promise<Person> {
  const isWriter = at < writers
  const { id }: User = await signUp(store, { username: `${isWriter ? 'writer' : 'reader'}-${at}` })
  const devices: SignedIn[] = []
  for (let device = 0; device < (isWriter ? screensEach : followersEach); device++) devices.push(await signIn(store, id))
  return { id, isWriter, devices }
}

async function furnish(store: Store, as: Actor, { name, kind }: { name: string; kind: TownRoom['kind'] }): Promise<TownRoom> {
  const { id } = await store.write<Room>({ name: 'room.create', input: { id: uuidv7(), name, kind }, actor: as })
  return { id, kind }
}
