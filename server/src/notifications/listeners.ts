import type { Message, Room, User } from '@belfry/protocol/rows.ts'
import { NOTIFICATION_BODY_MAX_CHARS, TITLE_MAX_CHARS } from '@belfry/protocol/limits.ts'
import type { Kysely } from 'kysely'
import { findMessage } from '#chat/messages.ts'
import type { Tables } from '#store/schema.ts'

/** Why a message rings for somebody. */
export type Reason = 'named' | 'answered' | 'everybody' | 'everything'

/** Somebody for whom a message rings. */
export interface Listener {
  userId: string
  reason: Reason
}

/** So many people are rung at once; further ones by the next write. */
export const LISTENERS_MAX = 500

interface Asked {
  message: Message
  /** Those behind this one alone. */
  afterUserId: string
  online: string[]
  /** Whom an edit names in addition. */
  namedAnew: string[]
  /** Left out: whoever it is. */
  among?: string[]
}

/**
 * Members for whom a message rings, in the order of their ids: whom it names or answers, and who wants to hear everything; but not its author,
 * nor who has read it already, unless an edit names them since, nor who wants to hear nothing of the room [N4]. `next`: the last of them, when there may be more.
 */
export async function listenersTo(db: Kysely<Tables>, asked: Asked): Promise<{ listeners: Listener[]; next: string | null }> {
  const { message } = asked
  const answered = message.replyTo === null ? undefined : await findMessage(db, message.replyTo)
  const named = Object.values(message.names)
  const many = named.includes('room') ? ('all' as const) : new Set(named.includes('here') ? asked.online : [])
  const whoIs: WhoIs = { named: new Set(named), answeredId: answered?.authorId ?? null, many }
  const { people, upTo } = stretchOf(asked, whoIs)
  const places = await placesToHear(db, { ...asked, upTo }, { everybody: many === 'all', people, anew: anewAmong(people, asked, whoIs) })
  const listeners = places.map(({ userId }) => ({ userId, reason: reasonFor(userId, whoIs) }))
  return { listeners, next: places.length === LISTENERS_MAX ? places.at(-1)!.userId : upTo }
}

interface WhoIs {
  named: Set<string>
  answeredId: string | null
  /** Whom `@room` or `@here` names. */
  many: 'all' | Set<string>
}

/** Pure. The nearest reason counts. */
export function reasonFor(userId: string, { named, answeredId, many }: WhoIs): Reason {
  if (named.has(userId)) return 'named'
  if (answeredId === userId) return 'answered'
  return many === 'all' || many.has(userId) ? 'everybody' : 'everything'
}

/** So many people are asked for by their ids in one query. */
export const PEOPLE_A_QUERY = 1_000

/** Pure: the next of those whom it calls, in order; `upTo`: the last of them, where there are more. Who is behind that one is the next stretch's. */
function stretchOf({ afterUserId }: Asked, { named, answeredId, many }: WhoIs): { people: string[]; upTo: string | null } {
  const all = new Set([...named, ...(answeredId === null ? [] : [answeredId]), ...(many === 'all' ? [] : many)])
  const left = [...all].filter((userId) => userId > afterUserId).toSorted()
  const people = left.slice(0, PEOPLE_A_QUERY)
  return { people, upTo: left.length > people.length ? people.at(-1)! : null }
}

/** Pure: those of these people whom the message still names, and did not before an edit. */
function anewAmong(people: string[], { namedAnew }: Asked, { many }: WhoIs): 'all' | string[] {
  const anew = new Set(namedAnew)
  if (many === 'all') return anew.has('room') ? 'all' : people.filter((userId) => anew.has(userId))
  return people.filter((userId) => anew.has(userId) || (anew.has('here') && many.has(userId)))
}

async function placesToHear(
  db: Kysely<Tables>,
  { message, afterUserId, upTo, among }: Asked & { upTo: string | null },
  { everybody, people, anew }: { everybody: boolean; people: string[]; anew: 'all' | string[] },
) {
  if (among?.length === 0) return []
  const standing = db
    .selectFrom('places')
    .innerJoin('users', 'users.id', 'places.userId')
    .innerJoin('rooms', 'rooms.id', 'places.id')
    .innerJoin('members', (join) => join.onRef('members.roomId', '=', 'places.id').onRef('members.id', '=', 'places.userId'))
    .select('places.userId')
    .where('places.id', '=', message.roomId)
    .where('places.endedAt', 'is', null)
    .where('users.disabledAt', 'is', null)
    .where((eb) => eb.or([eb('rooms.kind', '=', 'open'), eb('members.seesAfter', '<', message.n)]))
    .where('places.notify', '!=', 'nothing')
    .where('places.userId', '!=', message.authorId)
    .where('places.userId', '>', afterUserId)
  const unread =
    anew === 'all'
      ? standing
      : standing.where((eb) => eb.or([eb('places.readTo', '<', message.n), ...(anew.length > 0 ? [eb('places.userId', 'in', anew)] : [])]))
  const known = among ? unread.where('places.userId', 'in', among) : unread
  const within = upTo === null ? known : known.where('places.userId', '<=', upTo)
  const concerned = everybody
    ? within
    : within.where((eb) =>
        eb.or([eb('places.notify', '=', 'everything'), ...(people.length > 0 ? [eb('places.userId', 'in', people)] : [])]),
      )
  return concerned.orderBy('places.userId').limit(LISTENERS_MAX).execute()
}

const EXCERPT_MAX_CHARS = Math.min(500, NOTIFICATION_BODY_MAX_CHARS)

/** Pure: what the notification says. */
export function wordsFor(message: Message, of: { author: User; room: Room; reason: Reason }): { title: string; body: string } {
  return { title: shortened(titleFor(of), TITLE_MAX_CHARS), body: textOf(message) }
}

/** What it says of the message itself, whyever it rang. */
export function textOf({ body }: Pick<Message, 'body'>): string {
  return shortened(body, EXCERPT_MAX_CHARS)
}

function titleFor({ author: { name }, room, reason }: { author: User; room: Room; reason: Reason }): string {
  const where = room.kind === 'direct' ? '' : ` in ${room.name}`
  switch (reason) {
    case 'named':
      return `${name} named you${where}`
    case 'answered':
      return `${name} answered you${where}`
    case 'everybody':
      return `${name} called everybody${where}`
    case 'everything':
      return `${name}${where}`
    default:
      return reason satisfies never
  }
}

function shortened(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max - 1).toWellFormed()}…`
}
