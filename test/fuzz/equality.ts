import { isDeepStrictEqual } from 'node:util'
import type { TimelineItem } from '@belfry/client/belfry.ts'
import type { Presence } from '@belfry/protocol/down.ts'
import { UNREAD_MAX } from '@belfry/protocol/limits.ts'
import { type Member, type Message, type Notification, type Place, type Reaction, type Room, userRow } from '@belfry/protocol/rows.ts'
import type { World } from '#server/test/world.ts'
import { type Device, ROOMS, type RoomName } from './device.ts'
import type { Storm } from './storm.ts'

type ShownRoom = Pick<Room, 'name' | 'kind' | 'description' | 'posting' | 'history' | 'archivedAt'> & { role: Member['role'] | null }

/** All that the database holds, read when nothing happens any more. */
interface Final {
  messages: Message[]
  /** Those that stand, in the order in which they were given. */
  reactions: Reaction[]
  notifications: (Notification & { userId: string; roomId: string | null; n: number | null })[]
  counts: Map<string, { unread: number; unseen: number }>
  users: Map<string, object>
  seqs: Map<string, number>
  mayRead(room: RoomName, userId: string): boolean
  /** The room, and what somebody is there. */
  room(room: RoomName, userId: string): ShownRoom
  /** Whether two people are in a room together. */
  share(one: string, other: string): boolean
  /** Whether somebody is told of another: all are of everybody, but guests of those who are or were where they are. */
  knows(one: string, other: string): boolean
  /** Who is not to be disturbed. */
  quiet: Set<string>
  /** Of a room somebody sees messages with higher numbers alone. */
  seesAfter(roomId: string, userId: string): number
  /** Who is in each conversation. */
  people: Map<string, string[]>
  /** Those of these conversations in which never more than two were. */
  pairs: Set<string>
  /** The standing places of somebody. */
  places(userId: string): Place[]
  epoch: string
}

/** What is wrong after a run: nothing, when the rules hold. */
export async function faultsAfter(storm: Storm): Promise<string[]> {
  const final = await readFinal(storm.world)
  const faults = storm.devices.flatMap((device) => [...device.witness.faults, ...postFaults(device, final)])
  faults.push(...storm.world.failures.map((failure) => `failure: ${String(failure)}`), ...countFaults(final))
  const alive = storm.devices.filter((device) => !device.isOver)
  for (const device of alive) faults.push(...deviceFaults(device, final), ...presenceFaults(device, final, alive))
  await storm.blinks()
  for (const device of alive) faults.push(...positionFaults(device, final))
  return faults
}

async function readFinal(world: World): Promise<Final> {
  const all = await world.table('members')
  const everIn = new Set(all.map(({ roomId, id }) => `${roomId} ${id}`))
  const members = all.filter(({ endedAt }) => endedAt === null)
  const membership = (roomId: string, userId: string) => members.find((member) => member.roomId === roomId && member.id === userId)
  const roomsOf = (userId: string) => members.filter(({ id }) => id === userId).map(({ roomId }) => roomId)
  const places = await world.table('places')
  const users = await world.table('users')
  const guests = new Set(users.flatMap(({ id, role }) => (role === 'guest' ? id : [])))
  const rooms = await world.table('rooms')
  const open = new Set(rooms.filter(({ kind }) => kind === 'open').map(({ id }) => id))
  const conversations = rooms.filter(({ people }) => people !== null)
  return {
    messages: (await world.table('messages')).toSorted((a, b) => a.n - b.n),
    reactions: (await world.table('reactions')).filter(({ endedAt }) => endedAt === null).toSorted((a, b) => a.changed - b.changed),
    notifications: (await world.table('notifications')).toSorted((a, b) => (a.id < b.id ? 1 : -1)),
    people: new Map(conversations.map(({ id, people }) => [id, people!.split(' ')])),
    pairs: new Set(conversations.filter(({ id }) => all.filter(({ roomId }) => roomId === id).length === 2).map(({ id }) => id)),
    counts: new Map((await world.table('counts')).map(({ userId, unread, unseen }) => [userId, { unread, unseen }])),
    users: new Map(users.map((user) => [user.id, userRow.parse(user)])),
    seqs: new Map((await world.table('topics')).map(({ topic, seq }) => [topic, seq])),
    seesAfter: (roomId, userId) => (open.has(roomId) ? 0 : (membership(roomId, userId)?.seesAfter ?? 0)),
    room: (id, userId) => {
      const { name, kind, description, posting, history, archivedAt } = rooms.find((room) => room.id === id)!
      return { name, kind, description, posting, history, archivedAt, role: membership(id, userId)?.role ?? null }
    },
    mayRead: (room, userId) => membership(room, userId) !== undefined || (open.has(room) && !guests.has(userId)),
    share: (one, other) => one === other || roomsOf(one).some((roomId) => membership(roomId, other)),
    knows: (one, other) => one === other || !guests.has(one) || roomsOf(one).some((roomId) => everIn.has(`${roomId} ${other}`)),
    quiet: new Set(
      (await world.table('preferences')).flatMap(({ userId, dndUntil }) => ((dndUntil ?? 0) > world.clock.now() ? userId : [])),
    ),
    places: (userId) => places.filter((place) => place.userId === userId && place.endedAt === null),
    epoch: world.store.epoch,
  }
}

function deviceFaults(device: Device, final: Final): string[] {
  const state = device.belfry.connection.get()
  if (state.is !== 'online') return [`${device.name} is ${JSON.stringify(state)}`]
  return [
    ...ROOMS.flatMap((room) => roomFaults(device, room, final)),
    ...unreadFaults(device, final),
    ...inboxFaults(device, final),
    ...peopleFaults(device, final),
    ...ringFaults(device),
  ]
}

/** [F5]: what a room shows is a part of the standing messages without a hole, up to their ends where it says so; and the newest are the end of them. */
function roomFaults(device: Device, room: RoomName, final: Final): string[] {
  const { items, latest, is, earlier, later } = device.room(room).view.get()
  const may = final.mayRead(room, device.person.id)
  if (!may) return is === 'gone' && items.length + latest.length === 0 ? [] : [`[A2] ${device.name} still shows ${room}: ${is}`]
  if (is !== 'ready') return [`[F7] ${device.name} shows ${room} as ${is}`]
  const after = final.seesAfter(room, device.person.id)
  const all = final.messages.filter((row) => row.roomId === room && row.n > after)
  const standing = all.filter(({ deletedAt }) => deletedAt === null)
  const first = earlier ? (items[0]?.n ?? Infinity) : 0
  const last = later ? (items.at(-1)?.n ?? 0) : Infinity
  // All of a part may have been deleted.
  const mayBeEmpty = standing.length === 0 || ((earlier || later) && standing.length < all.length)
  if (items.length === 0 && !mayBeEmpty) return [`[F5] ${device.name} shows nothing of ${room}`]
  const shown = standing.filter(({ n }) => n >= first && n <= last)
  const newest = earlier || later ? lastOf(standing, latest.length) : standing
  return [
    ...rowFaults(device, room, final),
    ...itemFaults(`[F5] ${device.name} ${room}`, items, expectedOf(shown, final)),
    ...itemFaults(`[F5] ${device.name} ${room}, the newest`, latest, expectedOf(newest, final)),
  ]
}

/** [F5]: the room itself, and what one is there. */
function rowFaults(device: Device, room: RoomName, final: Final): string[] {
  const { name, kind, description, posting, history, archivedAt, role } = device.room(room).view.get()
  return differences(
    `[F5] ${device.name} ${room} itself`,
    [{ name, kind, description, posting, history, archivedAt, role }],
    [final.room(room, device.person.id)],
  )
}

type Compared = Pick<TimelineItem, 'id' | 'n' | 'body' | 'names' | 'changed' | 'reactions' | 'state' | 'editedAt'>

function expectedOf(messages: Message[], { reactions }: Final): Compared[] {
  return messages.map(({ id, n, body, names, changed, editedAt }) => {
    const byEmoji = Map.groupBy(
      reactions.filter(({ messageId }) => messageId === id),
      ({ emoji }) => emoji,
    )
    const grouped = [...byEmoji].map(([emoji, some]) => ({ emoji, userIds: some.map(({ userId }) => userId) }))
    return { id, n, body, names, changed, reactions: grouped, state: 'sent', editedAt }
  })
}

function itemFaults(what: string, items: readonly TimelineItem[], expected: Compared[]): string[] {
  const compared = items.map(({ id, n, body, names, changed, reactions, state, editedAt }): Compared => ({
    id,
    n,
    body,
    names,
    changed,
    reactions,
    state,
    editedAt,
  }))
  return differences(what, compared, expected)
}

function lastOf<T>(all: T[], count: number): T[] {
  return all.slice(all.length - count)
}

/** [N5] [N4]: what the list of rooms says is unread, and has rung, equals a recount, also of rooms that no screen shows. */
function unreadFaults({ name, person, belfry }: Device, final: Final): string[] {
  const listed = belfry.rooms.list.get().items.filter(({ role }) => role !== null)
  const recount = (roomId: string, readTo: number) => {
    const after = Math.max(readTo, final.seesAfter(roomId, person.id))
    const behind = final.messages.filter((row) => row.roomId === roomId && row.n > after)
    return Math.min(UNREAD_MAX, behind.filter(({ authorId, deletedAt }) => authorId !== person.id && deletedAt === null).length)
  }
  const rung = (roomId: string) => {
    const own = final.notifications.filter((row) => row.userId === person.id && row.roomId === roomId)
    return own.filter(({ readAt, archivedAt, deletedAt }) => readAt === null && archivedAt === null && deletedAt === null).length
  }
  return differences(
    `[N5] ${name} rooms`,
    listed
      .map(({ id, readTo, unread, mentions, notify, favouriteAt, hiddenTo, people, isPair }) => ({
        ...{ id, readTo, unread, mentions, notify, favouriteAt, hiddenTo, isPair },
        people: people && people.toSorted(),
      }))
      .toSorted(byId),
    final
      .places(person.id)
      .map(({ id, readTo, notify, favouriteAt, hiddenTo }) => ({
        ...{ id, readTo, unread: recount(id, readTo), mentions: rung(id), notify, favouriteAt, hiddenTo },
        people: final.people.get(id) ?? null,
        isPair: final.pairs.has(id),
      }))
      .toSorted(byId),
  )
}

function byId(a: { id: string }, b: { id: string }): number {
  return a.id < b.id ? -1 : 1
}

function inboxFaults(device: Device, final: Final): string[] {
  const { inbox } = device.belfry
  const own = final.notifications.filter((row) => row.userId === device.person.id && row.deletedAt === null)
  const lists = {
    all: own.filter((row) => row.archivedAt === null),
    unread: own.filter((row) => row.archivedAt === null && row.readAt === null),
    archived: own.filter((row) => row.archivedAt !== null),
  }
  const faults = differences(`[N3] ${device.name} counts`, [inbox.view.get().counts], [final.counts.get(device.person.id)!])
  for (const filter of ['all', 'unread', 'archived'] as const) {
    const { items, more, loaded } = inbox.list(filter).get()
    if (!loaded) continue
    const expected = (more ? lists[filter].slice(0, items.length) : lists[filter]).map(({ userId: _, roomId: __, n: ___, ...row }) => row)
    faults.push(...differences(`[F5] ${device.name} ${filter}`, items, expected))
  }
  return faults
}

function peopleFaults(device: Device, final: Final): string[] {
  // What a guest holds of those whom they know no more is as they last knew them.
  const known = [...device.belfry.people.known.get().values()].filter(({ id }) => final.knows(device.person.id, id))
  return differences(
    `[F5] ${device.name} people`,
    known,
    known.map(({ id }) => final.users.get(id)!),
  )
}

/** What a device is told of who is there equals a recount, of all whom it may know of and of nobody else. */
function presenceFaults({ name, person, belfry, witness }: Device, final: Final, alive: Device[]): string[] {
  const faults: string[] = []
  for (const id of final.users.keys()) {
    const isTold = witness.lookedAt.has(id) && final.share(person.id, id)
    const expected = isTold ? presenceOf(id, final, alive) : null
    const shown = belfry.presence.of(id).get()
    if (shown !== expected) faults.push(`${name} shows ${id} as ${shown} instead of ${expected}`)
  }
  return faults
}

/** A stream says nothing of its device, which counts as used. */
function presenceOf(userId: string, { quiet }: Final, alive: Device[]): Presence {
  const devices = alive.filter(({ person }) => person.id === userId)
  if (devices.length === 0) return 'offline'
  if (quiet.has(userId)) return 'dnd'
  return devices.some(({ isIdle, witness }) => !isIdle || witness.lookedAt.size === 0) ? 'online' : 'away'
}

function ringFaults({ rang, name }: Device): string[] {
  return rang.filter((id, at) => rang.indexOf(id) !== at).map((id) => `[N2] ${name} heard ${id} ring twice`)
}

/** [W8] [W3]: every post that was not refused is there once, in its sender's order. */
function postFaults(device: Device, final: Final): string[] {
  const faults: string[] = []
  for (const room of ROOMS) {
    const numbers = device.posted[room].map((id) => ({ id, n: final.messages.find((row) => row.id === id)?.n }))
    for (const { id, n } of numbers) {
      if (device.discarded.has(id) && n !== undefined) faults.push(`[W2] ${device.name} was told that ${id} failed: it is there`)
    }
    const stored = numbers.filter(({ n }) => n !== undefined).map(({ n }) => n!)
    if (
      !isDeepStrictEqual(
        stored,
        stored.toSorted((a, b) => a - b),
      )
    )
      faults.push(`[W8] ${device.name} in ${room}: order ${stored.join(' ')}`)
    if (!device.isOver) faults.push(...lostPosts(device, room, numbers))
  }
  return faults
}

function lostPosts(device: Device, room: RoomName, posts: { id: string; n: number | undefined }[]): string[] {
  // Deleted while it still waited: it was never sent.
  const isGivenUp = (id: string) => device.discarded.has(id) || device.unposted.has(id)
  return posts.filter(({ id, n }) => n === undefined && !isGivenUp(id)).map(({ id }) => `[W8] ${device.name} in ${room}: ${id} is lost`)
}

function countFaults({ counts, notifications, messages }: Final): string[] {
  const faults: string[] = []
  for (const [userId, row] of counts) {
    const standing = notifications.filter((one) => one.userId === userId && one.deletedAt === null && one.archivedAt === null)
    const recount = {
      unread: standing.filter(({ readAt }) => readAt === null).length,
      unseen: standing.filter(({ seenAt }) => seenAt === null).length,
    }
    faults.push(...differences(`[N3] counts of ${userId}`, [row], [recount]))
  }
  const bodies = messages.filter(({ deletedAt }) => deletedAt === null).map(({ authorId, body }) => `${authorId} ${body}`)
  for (const body of bodies.filter((one, at) => bodies.indexOf(one) !== at)) faults.push(`[W3] posted twice: ${body.slice(0, 60)}`)
  return faults
}

/** [F1]: when all is calm, everybody is where the database is. */
function positionFaults(device: Device, final: Final): string[] {
  const faults: string[] = []
  for (const [topic, { epoch, seq }] of device.witness.lastPositions) {
    if (epoch !== final.epoch || seq !== final.seqs.get(topic))
      faults.push(`[F1] ${device.name} stands at ${topic} ${seq}, the database at ${final.seqs.get(topic)}`)
  }
  const topics = [
    'workspace',
    `user:${device.person.id}`,
    ...ROOMS.filter((room) => final.mayRead(room, device.person.id)).map((room) => `room:${room}`),
  ]
  for (const topic of topics) if (!device.witness.lastPositions.has(topic)) faults.push(`[F1] ${device.name} does not follow ${topic}`)
  return faults
}

function differences(what: string, shown: readonly object[], expected: readonly object[]): string[] {
  if (shown.length !== expected.length) return [`${what}: ${shown.length} instead of ${expected.length}`]
  const at = shown.findIndex((one, index) => !isDeepStrictEqual({ ...one }, { ...expected[index] }))
  return at < 0 ? [] : [`${what}: ${text(shown[at]!)} instead of ${text(expected[at]!)}`]
}

function text(row: object): string {
  return JSON.stringify(row, (_key, value: unknown) => (typeof value === 'string' ? value.slice(0, 40) : value))
}
