import { GENERAL_ROOM, roomTopic } from '@belfry/protocol/topics.ts'
import { uuidv7 } from '@belfry/protocol/uuid.ts'
import type { Kysely } from 'kysely'
import { broughtUnasked, findUserByUsername, foldImported, idsFolded } from '#accounts/users.ts'
import { everMembers } from '#chat/members.ts'
import { roomsNamed } from '#chat/rooms.ts'
import { findRoom } from '#chat/standings.ts'
import { isUnread, type Owned, standingAmong } from '#notifications/inbox.ts'
import { fold } from '#lib/fold.ts'
import { Refusal } from '#lib/refusal.ts'
import { takenIds } from '#store/rows.ts'
import type { Tables } from '#store/schema.ts'
import { topicCounter } from '#store/topics.ts'
import type { History, HistoryReport, NewAccount, PastMessage, PastNotification, Someone, Outsider } from './history.ts'

/** What of a history is to be stored, because it is not there yet. */
export interface Plan {
  room: HistoryReport['room']
  /** User ids by key: of those who are there, and of those to make. */
  ids: Map<string, string>
  accounts: NewAccount[]
  outsiders: Outsider[]
  /** Who is to become a member of the room, and of General. */
  members: { roomId: string; userId: string }[]
  messages: PastMessage[]
  notifications: PastNotification[]
  /** What is unread here, and was read at the source since it was brought. */
  readSince: Owned[]
}

/** Compares a history with what is there; changes nothing. Refusal: conflict, when the room was made meanwhile by somebody else. */
export async function planHistory(db: Kysely<Tables>, history: History): Promise<Plan> {
  const room = await roomOf(db, history.room)
  const known = await knownPeople(db, history)
  const isNew = ({ key }: Someone) => !known.has(key)
  const ids = new Map([
    ...history.accounts.map(({ key, id }) => [key, known.get(key) ?? id] as const),
    ...history.outsiders.map(({ key }) => [key, known.get(key) ?? uuidv7()] as const),
  ])
  const accounts = await withFreeNames(db, history.accounts.filter(isNew), history)
  return {
    room,
    ids,
    accounts,
    outsiders: history.outsiders.filter(isNew),
    members: await membersOf(db, { room, made: userIds(ids, accounts), all: userIds(ids, history.accounts) }),
    messages: without(history.messages, await takenIds(db, 'message', idsOf(history.messages))),
    notifications: without(history.notifications, await takenIds(db, 'notification', idsOf(history.notifications))),
    readSince: (await standingAmong(db, readThere(history))).filter(isUnreadSince),
  }
}

/** The ids of the notifications that were read at the source. */
export function readThere({ notifications }: History): string[] {
  return idsOf(notifications.filter(({ isRead }) => isRead))
}

/** What a plan comes to. */
export function reportOf(history: History, plan: Plan): HistoryReport {
  const made = new Map(plan.accounts.map(({ key, username }) => [key, username]))
  return {
    room: plan.room,
    accounts: count(history.accounts, plan.accounts),
    outsiders: count(history.outsiders, plan.outsiders),
    messages: count(history.messages, plan.messages),
    notifications: count(history.notifications, plan.notifications),
    readSince: plan.readSince.length,
    kept: history.accounts.filter(({ key }) => !made.has(key)).map(({ username }) => username),
    withoutPassword: plan.accounts.filter(({ passwordHash }) => passwordHash === null).map(({ username }) => username),
    numbered: history.accounts.flatMap(({ key, username }) => {
      const here = made.get(key) ?? username
      return here === username ? [] : [{ username, here }]
    }),
  }
}

/** What came as read has been seen since its own time: where that is unread, its owner made it so here, and so it stays. */
function isUnreadSince({ notification }: Owned): boolean {
  return isUnread(notification) && notification.seenAt !== notification.createdAt
}

/** What finds an account, or somebody of elsewhere. */
function foldedName(one: NewAccount | Outsider): string {
  return 'from' in one ? foldImported(one.from, one.username) : fold(one.username)
}

async function roomOf(db: Kysely<Tables>, { id, name }: History['room']): Promise<Plan['room']> {
  const room = await findRoom(db, id)
  if (!room && (await roomsNamed(db, name)).length > 0)
    throw new Refusal('conflict', `Somebody made a room named ${name} at this moment. Run it again.`)
  const { posted } = await topicCounter(db, roomTopic(id))
  return { id, name: room?.name ?? name, isNew: !room, postedBefore: posted }
}

/**
 * User ids by key, of those who are there: by the id that an earlier import gave them, or by their user name. A name that another of these
 * people has here by now finds nobody: it passed to somebody else there, or was taken here.
 */
async function knownPeople(db: Kysely<Tables>, { accounts, outsiders }: History): Promise<Map<string, string>> {
  const there = await takenIds(db, 'user', idsOf(accounts))
  const byName = await idsFolded(db, [...accounts, ...outsiders].map(foldedName))
  const known = new Map<string, string>()
  for (const one of [...accounts, ...outsiders]) {
    const named = byName.get(foldedName(one))
    const isAnother = named !== undefined && there.has(named)
    const id = 'id' in one && there.has(one.id) ? one.id : isAnother ? undefined : named
    if (id) known.set(one.key, id)
  }
  return known
}

/** New accounts under names that are free: whoever would have the name of another of these people gets a number behind it. */
async function withFreeNames(db: Kysely<Tables>, made: NewAccount[], { accounts }: History): Promise<NewAccount[]> {
  const held = await idsFolded(db, made.map(foldedName))
  const planned = new Set(accounts.map(foldedName))
  const named: NewAccount[] = []
  for (const one of made) {
    const username = held.has(foldedName(one)) ? await freeName(db, one.username, planned) : one.username
    planned.add(fold(username))
    named.push({ ...one, username })
  }
  return named
}

async function freeName(db: Kysely<Tables>, username: string, planned: Set<string>): Promise<string> {
  for (let number = 2; ; number++) {
    const candidate = `${username}-${number}`
    if (!planned.has(fold(candidate)) && !(await findUserByUsername(db, candidate))) return candidate
  }
}

function userIds(ids: Map<string, string>, people: Someone[]): string[] {
  return people.map(({ key }) => ids.get(key)!)
}

/** Into a new room come all accounts that may be brought there unasked. Who was a member once is not brought back. */
async function membersOf(
  db: Kysely<Tables>,
  { room, made, all }: { room: Plan['room']; made: string[]; all: string[] },
): Promise<Plan['members']> {
  const general = made.map((userId) => ({ roomId: GENERAL_ROOM, userId }))
  if (room.id === GENERAL_ROOM) return general
  const here = await broughtUnasked(db)
  const wanted = new Set([...made, ...(room.isNew ? here : all.filter((userId) => here.has(userId)))])
  const before = await everMembers(db, room.id)
  const ofRoom = [...wanted].filter((userId) => !before.has(userId))
  return [...general, ...ofRoom.map((userId) => ({ roomId: room.id, userId }))]
}

function idsOf(rows: { id: string }[]): string[] {
  return rows.map(({ id }) => id)
}

/** Those that are not there, each once. What was split is there when its first part is. */
function without<Row extends { id: string; first?: string }>(rows: Row[], there: Set<string>): Row[] {
  const seen = new Set(there)
  return rows.filter(({ id, first = id }) => !there.has(first) && !seen.has(id) && seen.add(id))
}

function count(all: unknown[], stored: unknown[]): { stored: number; there: number } {
  return { stored: stored.length, there: all.length - stored.length }
}
