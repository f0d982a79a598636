import { GENERAL_ROOM, roomTopic } from '@belfry/protocol/topics.ts'
import { uuidv7 } from '@belfry/protocol/uuid.ts'
import type { Kysely } from 'kysely'
import { accountIds, foldImported, idsFolded } from '#accounts/users.ts'
import { everMembers, findRoom } from '#chat/members.ts'
import { roomsNamed } from '#chat/rooms.ts'
import { fold } from '#lib/fold.ts'
import { Refusal } from '#lib/refusal.ts'
import { takenIds } from '#store/rows.ts'
import type { Tables } from '#store/schema.ts'
import { topicCounter } from '#store/topics.ts'
import type { History, HistoryReport, NewAccount, PastMessage, PastNotification, Someone, Stranger } from './history.ts'

/** What of a history is to be stored, because it is not there yet. */
export interface Plan {
  room: HistoryReport['room']
  /** User ids by key: of those who are there, and of those to make. */
  ids: Map<string, string>
  accounts: NewAccount[]
  strangers: Stranger[]
  /** Who is to become a member of the room, and of General. */
  members: { roomId: string; userId: string }[]
  messages: PastMessage[]
  notifications: PastNotification[]
}

/** Compares a history with what is there; changes nothing. Refusal: conflict, when the room was made meanwhile by somebody else. */
export async function planHistory(db: Kysely<Tables>, history: History): Promise<Plan> {
  const room = await roomOf(db, history.room)
  const known = await knownPeople(db, history)
  const isNew = ({ key }: Someone) => !known.has(key)
  const ids = new Map([
    ...history.accounts.map(({ key, id }) => [key, known.get(key) ?? id] as const),
    ...history.strangers.map(({ key }) => [key, known.get(key) ?? uuidv7()] as const),
  ])
  const accounts = history.accounts.filter(isNew)
  return {
    room,
    ids,
    accounts,
    strangers: history.strangers.filter(isNew),
    members: await membersOf(db, { room, made: userIds(ids, accounts), all: userIds(ids, history.accounts) }),
    messages: without(history.messages, await takenIds(db, 'message', idsOf(history.messages))),
    notifications: without(history.notifications, await takenIds(db, 'notification', idsOf(history.notifications))),
  }
}

/** What a plan comes to. */
export function reportOf(history: History, plan: Plan): HistoryReport {
  const made = new Set(plan.accounts.map(({ key }) => key))
  return {
    room: plan.room,
    accounts: count(history.accounts, plan.accounts),
    strangers: count(history.strangers, plan.strangers),
    messages: count(history.messages, plan.messages),
    notifications: count(history.notifications, plan.notifications),
    kept: history.accounts.filter(({ key }) => !made.has(key)).map(({ username }) => username),
  }
}

/** What finds an account, or somebody of elsewhere. */
function foldedName(one: NewAccount | Stranger): string {
  return 'from' in one ? foldImported(one.from, one.username) : fold(one.username)
}

async function roomOf(db: Kysely<Tables>, { id, name }: History['room']): Promise<Plan['room']> {
  const room = await findRoom(db, id)
  if (!room && (await roomsNamed(db, name)).length > 0)
    throw new Refusal('conflict', `Somebody made a room named ${name} at this moment. Run it again.`)
  const { posted } = await topicCounter(db, roomTopic(id))
  return { id, name: room?.name ?? name, isNew: !room, postedBefore: posted }
}

/** User ids by key, of those who are there: by the id that an earlier import gave them, or by their user name. */
async function knownPeople(db: Kysely<Tables>, { accounts, strangers }: History): Promise<Map<string, string>> {
  const there = await takenIds(db, 'user', idsOf(accounts))
  const byName = await idsFolded(db, [...accounts, ...strangers].map(foldedName))
  const known = new Map<string, string>()
  for (const one of [...accounts, ...strangers]) {
    const id = 'id' in one && there.has(one.id) ? one.id : byName.get(foldedName(one))
    if (id) known.set(one.key, id)
  }
  return known
}

function userIds(ids: Map<string, string>, people: Someone[]): string[] {
  return people.map(({ key }) => ids.get(key)!)
}

/** Everybody who has an account may write in a new room. Who was a member once is not brought back. */
async function membersOf(
  db: Kysely<Tables>,
  { room, made, all }: { room: Plan['room']; made: string[]; all: string[] },
): Promise<Plan['members']> {
  const general = made.map((userId) => ({ roomId: GENERAL_ROOM, userId }))
  if (room.id === GENERAL_ROOM) return general
  const wanted = new Set([...all, ...(room.isNew ? await accountIds(db) : [])])
  const before = await everMembers(db, room.id)
  const ofRoom = [...wanted].filter((userId) => !before.has(userId))
  return [...general, ...ofRoom.map((userId) => ({ roomId: room.id, userId }))]
}

function idsOf(rows: { id: string }[]): string[] {
  return rows.map(({ id }) => id)
}

/** Those whose id is not there, each once. */
function without<Row extends { id: string }>(rows: Row[], there: Set<string>): Row[] {
  const seen = new Set(there)
  return rows.filter(({ id }) => !seen.has(id) && seen.add(id))
}

function count(all: unknown[], stored: unknown[]): { stored: number; there: number } {
  return { stored: stored.length, there: all.length - stored.length }
}
