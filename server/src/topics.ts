import { inShort } from '@belfry/protocol/bumps.ts'
import type { Bump } from '@belfry/protocol/down.ts'
import type { RowKind, Rows } from '@belfry/protocol/rows.ts'
import { parseTopic, roomTopic, type Topic, type TopicKind } from '@belfry/protocol/topics.ts'
import type { Kysely } from 'kysely'
import { standingSessions } from '#accounts/actor.ts'
import { guestsAmong, knownToGuests } from '#accounts/guests.ts'
import { workspaceSnapshot } from '#accounts/users.ts'
import { blockedDirects, blocksOf } from '#chat/blocks.ts'
import { placesOf, roomsOf } from '#chat/places.ts'
import { roomSnapshot } from '#chat/rooms.ts'
import { mayWriteIn, sightsIn, standingsOf } from '#chat/standings.ts'
import { inboxSnapshot } from '#notifications/inbox.ts'
import { neighboursOf, type Quiet } from '#presence/neighbours.ts'
import { storedPreferences } from '#presence/preferences.ts'
import { sessionsOf } from '#accounts/sessions.ts'
import { chunks } from '#lib/chunks.ts'
import type { Tables } from '#store/schema.ts'
import { topicSeqs } from '#store/topics.ts'

/** Who follows: a person, through one of their sessions. */
export interface Follower {
  userId: string
  sessionId: string
}

export interface TopicSnapshot {
  rows: Rows
  windows: Record<string, number | string | null>
}

/**
 * What somebody sees of a topic that they may follow. `after`: of a room's messages those with higher numbers. `guestId`: of the workspace's
 * people those whom this guest knows of. Most see the whole. `since`: as of which seq; who followed before may have seen more, or less.
 */
export interface Sight {
  after: number
  since: number
  guestId: string | null
}

const WHOLE: Sight = { after: 0, since: 0, guestId: null }

export function isWhole({ after, guestId }: Sight): boolean {
  return after === 0 && guestId === null
}

export function isSameSight(one: Sight, other: Sight): boolean {
  return one.after === other.after && one.guestId === other.guestId
}
export type { Quiet } from '#presence/neighbours.ts'

/** Somebody, and the id of a topic. */
type SightAsk = { userId: string; id: string }

interface TopicRules {
  /** Which kinds its rows are of, in the order in which they are told. */
  kinds: readonly RowKind[]
  /** What each of these, whose sessions stand, sees of the topic with this id. Null: they may not follow. */
  sights(db: Kysely<Tables>, asks: SightAsk[]): Promise<(Sight | null)[]>
  /** What one holds to begin with. */
  snapshot(db: Kysely<Tables>, id: string, sight: Sight): Promise<TopicSnapshot>
  /** Whose sight must be asked for again before these rows are told [A2]; null: nobody's. */
  barrier(rows: Rows): 'everybody' | Set<string> | null
}

const TOPICS: Record<TopicKind, TopicRules> = {
  workspace: { kinds: ['workspace', 'user'], sights: sightsOfPeople, snapshot: snapshotOfPeople, barrier: () => null },
  user: {
    kinds: ['counts', 'session', 'place', 'block', 'preferences', 'notification'],
    sights: sightsOfOneself,
    snapshot: userSnapshot,
    barrier: endedSessions,
  },
  room: { kinds: ['room', 'member', 'message', 'reaction'], sights: sightsOfRooms, snapshot: roomSnapshot, barrier: movedMembers },
}

/** What those are told who watch a topic and do not follow it: which of its messages changed, and whether they stand; all other rows. */
export interface Gist {
  messages: NonNullable<Bump['messages']>
  rows: Bump['rows']
}

export function gistOf({ message = [], room = [], member = [] }: Rows): Gist {
  return {
    messages: message.map(inShort),
    rows: { room, member },
  }
}

/** The topics that each of these watches (of the rooms in which they have a place), each with its seq and what they see of it. */
export async function watchedBy(db: Kysely<Tables>, followers: Follower[]): Promise<Map<Topic, Seen>[]> {
  const rooms = await roomsOf(db, [...new Set(followers.map(({ userId }) => userId))])
  const roomIds = [...new Set([...rooms.values()].flat())]
  const seqs = await topicSeqs(db, roomIds.map(roomTopic))
  const standings = await standingsOf(
    db,
    [...rooms].flatMap(([userId, of]) => of.map((roomId) => ({ roomId, userId }))),
  )
  const seenBy = (userId: string, roomId: string): [Topic, Seen][] => {
    const [standing, topic] = [standings.of(roomId, userId), roomTopic(roomId)]
    return standing ? [[topic, { seq: seqs.get(topic) ?? 0, sight: { ...WHOLE, after: standing.seesAfter } }]] : []
  }
  return followers.map(({ userId }) => new Map(rooms.get(userId)!.flatMap((roomId) => seenBy(userId, roomId))))
}

/** How far a topic had come when somebody's sight of it was read. */
export interface Seen {
  seq: number
  sight: Sight
}

/** What these rows of somebody's own topic make them watch from now on, or watch no more. */
export function watchNews(rows: Rows): { topic: Topic; isWatched: boolean }[] {
  return (rows.place ?? []).map(({ id, endedAt }) => ({ topic: roomTopic(id), isWatched: endedAt === null }))
}

const SIGHTS_A_LOOK = 500

/**
 * The one function that decides who may follow what, and what they see of it [A1], in the order of what is asked. Asked in the snapshot that
 * reads the rows. Null: nothing.
 */
export async function sightsOf(db: Kysely<Tables>, asks: { follower: Follower; topic: Topic }[]): Promise<(Sight | null)[]> {
  const sights: (Sight | null)[] = []
  for (const some of chunks(asks, SIGHTS_A_LOOK)) sights.push(...(await sightsAtOnce(db, some)))
  return sights
}

export async function sightOf(db: Kysely<Tables>, follower: Follower, topic: Topic): Promise<Sight | null> {
  return (await sightsOf(db, [{ follower, topic }]))[0]!
}

async function sightsAtOnce(db: Kysely<Tables>, asks: { follower: Follower; topic: Topic }[]): Promise<(Sight | null)[]> {
  const sessions = await standingSessions(db, [...new Set(asks.map(({ follower }) => follower.sessionId))])
  const sights = asks.map((): Sight | null => null)
  for (const [kind, { sights: read }] of Object.entries(TOPICS)) {
    const ofKind = asks.flatMap(({ follower, topic }, at) => {
      const parsed = parseTopic(topic)
      return parsed?.kind === kind && sessions.has(follower.sessionId) ? [{ at, userId: follower.userId, id: parsed.id }] : []
    })
    const found = ofKind.length > 0 ? await read(db, ofKind) : []
    for (const [index, { at }] of ofKind.entries()) sights[at] = found[index]!
  }
  return sights
}

/** Whether somebody may say there that they type: whoever could post in the room. Asked of the database each time [A1]. */
export async function mayType(db: Kysely<Tables>, follower: Follower, topic: Topic): Promise<boolean> {
  const { kind, id } = parseTopic(topic)!
  if (kind !== 'room' || !(await hasSession(db, follower)) || !(await mayWriteIn(db, follower.userId, id))) return false
  return !(await blockedDirects(db, [id])).has(id)
}

/** Those among these people whose presence somebody may know of, each with until when they are not to be disturbed [A1]. */
export async function peopleSeenBy(db: Kysely<Tables>, follower: Follower, ids: string[]): Promise<Map<string, Quiet>> {
  return (await hasSession(db, follower)) ? neighboursOf(db, follower.userId, ids) : new Map()
}

/** Until when somebody is not to be disturbed, where these rows of their own topic say it. */
export function quietNews(topic: Topic, rows: Rows): { userId: string; quiet: Quiet } | null {
  const { kind, id } = parseTopic(topic)!
  const chosen = kind === 'user' ? rows.preferences?.at(-1) : undefined
  return chosen ? { userId: id, quiet: { until: chosen.dndUntil, changed: chosen.changed } } : null
}

export async function snapshotOf(db: Kysely<Tables>, topic: Topic, sight: Sight): Promise<TopicSnapshot> {
  const { kind, id } = parseTopic(topic)!
  return TOPICS[kind].snapshot(db, id, sight)
}

/** Those of these rows that somebody sees; where that is all of them, the very same object. */
export async function seen(db: Kysely<Tables>, rows: Rows, sight: Sight): Promise<Rows> {
  if (sight.guestId === null || !rows.user) return rowsAfter(rows, sight.after)
  return (await seenByGuests(db, rows, [sight.guestId])).get(sight.guestId)!
}

/** The same for each of these guests, by their ids: asked for at once. */
export async function seenByGuests(db: Kysely<Tables>, rows: Rows, guestIds: string[]): Promise<Map<string, Rows>> {
  const { user: all = [] } = rows
  const known = await knownToGuests(db, guestIds, all)
  return new Map([...known].map(([guestId, user]) => [guestId, user.length === all.length ? rows : { ...rows, user }]))
}

/** Whether {@link seen} has to ask the database about these. */
export function isToLookUp(rows: Rows, { guestId }: Sight): boolean {
  return guestId !== null && rows.user !== undefined
}

/** {@link seen}, of a room. */
export function rowsAfter(rows: Rows, after: number): Rows {
  const { message, reaction } = rows
  const isHidden = ({ n }: { n: number }) => n <= after
  if (after === 0 || !(message?.some(isHidden) || reaction?.some(isHidden))) return rows
  const isSeen = ({ n }: { n: number }) => n > after
  return { ...rows, ...(message && { message: message.filter(isSeen) }), ...(reaction && { reaction: reaction.filter(isSeen) }) }
}

/** What somebody is told of a gist. */
export function gistAfter(gist: Pick<Bump, 'messages'>, after: number): Bump['messages'] {
  return gist.messages && gist.messages.filter(([n]) => n > after)
}

export function kindsOf(topic: Topic): readonly RowKind[] {
  return TOPICS[parseTopic(topic)!.kind].kinds
}

export function barrierOf(topic: Topic, rows: Rows): 'everybody' | Set<string> | null {
  return TOPICS[parseTopic(topic)!.kind].barrier(rows)
}

async function hasSession(db: Kysely<Tables>, follower: Follower): Promise<boolean> {
  return (await standingSessions(db, [follower.sessionId])).has(follower.sessionId)
}

async function sightsOfPeople(db: Kysely<Tables>, asks: SightAsk[]): Promise<Sight[]> {
  const guests = await guestsAmong(
    db,
    asks.map(({ userId }) => userId),
  )
  return asks.map(({ userId }) => (guests.has(userId) ? { ...WHOLE, guestId: userId } : WHOLE))
}

async function sightsOfOneself(_db: Kysely<Tables>, asks: SightAsk[]): Promise<(Sight | null)[]> {
  return asks.map(({ userId, id }) => (userId === id ? WHOLE : null))
}

async function sightsOfRooms(db: Kysely<Tables>, asks: SightAsk[]): Promise<(Sight | null)[]> {
  const sights = await sightsIn(
    db,
    asks.map(({ userId, id }) => ({ userId, roomId: id })),
  )
  return sights.map((sight) => sight && { ...WHOLE, ...sight })
}

function snapshotOfPeople(db: Kysely<Tables>, _id: string, { guestId }: Sight): Promise<TopicSnapshot> {
  return workspaceSnapshot(db, guestId)
}

async function userSnapshot(db: Kysely<Tables>, userId: string): Promise<TopicSnapshot> {
  const inbox = await inboxSnapshot(db, userId)
  const [session, place, block] = [await sessionsOf(db, userId), await placesOf(db, userId), await blocksOf(db, userId)]
  const chosen = await storedPreferences(db, userId)
  return { ...inbox, rows: { ...inbox.rows, session, place, block, ...(chosen && { preferences: [chosen] }) } }
}

function endedSessions(rows: Rows): 'everybody' | null {
  return rows.session?.some((session) => session.endedAt !== null) ? 'everybody' : null
}

/**
 * A member's end concerns that member, and their coming when they do not see the whole: both may have happened in one breath. A change of the
 * room itself may concern everybody who reads it.
 */
function movedMembers(rows: Rows): 'everybody' | Set<string> | null {
  if (rows.room) return 'everybody'
  const moved = rows.member?.filter(({ endedAt, seesAfter }) => endedAt !== null || seesAfter > 0) ?? []
  return moved.length > 0 ? new Set(moved.map(({ id }) => id)) : null
}
