import type { Bump } from '@belfry/protocol/down.ts'
import type { RowKind, Rows } from '@belfry/protocol/rows.ts'
import { parseTopic, roomTopic, type Topic, type TopicKind } from '@belfry/protocol/topics.ts'
import type { Kysely } from 'kysely'
import { standingSessions } from '#accounts/actor.ts'
import { workspaceSnapshot } from '#accounts/users.ts'
import { placesOf } from '#chat/places.ts'
import { roomSnapshot } from '#chat/rooms.ts'
import { mayReadRoom } from '#chat/standings.ts'
import { inboxSnapshot } from '#notifications/inbox.ts'
import { sessionsOf } from '#accounts/sessions.ts'
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

interface TopicRules {
  /** Which kinds its rows are of, in the order in which they are told. */
  kinds: readonly RowKind[]
  mayFollow(db: Kysely<Tables>, follower: Follower, id: string): Promise<boolean>
  /** What one holds to begin with. */
  snapshot(db: Kysely<Tables>, id: string): Promise<TopicSnapshot>
  /** Of whom `mayFollow` must be asked again before these rows are told [A2]; null: of nobody. */
  barrier(rows: Rows): 'everybody' | Set<string> | null
}

const TOPICS: Record<TopicKind, TopicRules> = {
  workspace: { kinds: ['workspace', 'user'], mayFollow: hasSession, snapshot: workspaceSnapshot, barrier: () => null },
  user: { kinds: ['counts', 'session', 'place', 'notification'], mayFollow: isOneself, snapshot: userSnapshot, barrier: endedSessions },
  room: { kinds: ['room', 'member', 'message'], mayFollow: mayReadIt, snapshot: roomSnapshot, barrier: endedMembers },
}

/** What those are told who watch a topic and do not follow it: which of its messages changed, and whether they stand; all other rows. */
export interface Gist {
  messages: NonNullable<Bump['messages']>
  rows: Bump['rows']
}

export function gistOf({ message = [], room = [], member = [] }: Rows): Gist {
  return {
    messages: message.map(({ n, authorId, changed, deletedAt }) => [n, authorId, changed, deletedAt === null ? 1 : 0]),
    rows: { room, member },
  }
}

/** The topics that somebody watches (of the rooms in which they have a place), each with its seq. */
export async function watchedBy(db: Kysely<Tables>, { userId }: Follower): Promise<Map<Topic, number>> {
  const places = await placesOf(db, userId)
  const topics = places.map(({ id }) => roomTopic(id))
  const seqs = await topicSeqs(db, topics)
  return new Map(topics.map((topic) => [topic, seqs.get(topic) ?? 0]))
}

/** What these rows of somebody's own topic make them watch from now on, or watch no more. */
export function watchNews(rows: Rows): { topic: Topic; isWatched: boolean }[] {
  return (rows.place ?? []).map(({ id, endedAt }) => ({ topic: roomTopic(id), isWatched: endedAt === null }))
}

/** The one function that decides who may follow what [A1]. Asked in the snapshot that reads the rows. */
export async function mayFollow(db: Kysely<Tables>, follower: Follower, topic: Topic): Promise<boolean> {
  const parsed = parseTopic(topic)
  return parsed !== null && TOPICS[parsed.kind].mayFollow(db, follower, parsed.id)
}

export async function snapshotOf(db: Kysely<Tables>, topic: Topic): Promise<TopicSnapshot> {
  const { kind, id } = parseTopic(topic)!
  return TOPICS[kind].snapshot(db, id)
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

async function isOneself(db: Kysely<Tables>, follower: Follower, userId: string): Promise<boolean> {
  return follower.userId === userId && hasSession(db, follower)
}

async function mayReadIt(db: Kysely<Tables>, follower: Follower, roomId: string): Promise<boolean> {
  return (await hasSession(db, follower)) && mayReadRoom(db, follower.userId, roomId)
}

async function userSnapshot(db: Kysely<Tables>, userId: string): Promise<TopicSnapshot> {
  const inbox = await inboxSnapshot(db, userId)
  return { ...inbox, rows: { ...inbox.rows, session: await sessionsOf(db, userId), place: await placesOf(db, userId) } }
}

function endedSessions(rows: Rows): 'everybody' | null {
  return rows.session?.some((session) => session.endedAt !== null) ? 'everybody' : null
}

/** A member's end concerns that member; a change of the room itself may concern everybody who reads it. */
function endedMembers(rows: Rows): 'everybody' | Set<string> | null {
  if (rows.room) return 'everybody'
  const ended = rows.member?.filter((member) => member.endedAt !== null) ?? []
  return ended.length > 0 ? new Set(ended.map((member) => member.id)) : null
}
