import type { User } from '@belfry/protocol/rows.ts'
import { GENERAL_ROOM, roomTopic, type Topic, userTopic, WORKSPACE_TOPIC } from '@belfry/protocol/topics.ts'
import { requireOperator } from '#accounts/actor.ts'
import { foundBy } from '#accounts/users.ts'
import { everMembers, storeMembers } from '#chat/members.ts'
import { storeNewMessages } from '#chat/new-messages.ts'
import { moveOn, placesReadUp } from '#chat/places.ts'
import { chunks } from '#lib/chunks.ts'
import { type Owned, ownersAmong, storeNotifications } from '#notifications/inbox.ts'
import type { Write } from '#store/batch.ts'
import type { Tx } from '#store/tx.ts'
import type { History, HistoryReport, NewAccount, PastNotification, Outsider } from './history.ts'
import { type Plan, planHistory, readThere, reportOf } from './plan-history.ts'

/** Told how many of the messages that are to be stored are so far, and waited for: what it throws ends all. */
export type OnStored = (messages: number, of: number) => void | Promise<void>

/**
 * history.store: all of it in this one transaction, so that whatever ends it in the middle leaves nothing behind. Messages are numbered
 * behind those that the room holds: numbers never change. `onStored`: for whoever runs it in their own process, and watches.
 * Refusals: forbidden, conflict.
 */
export async function storeHistory(tx: Tx, { input, actor }: Write<History>, onStored: OnStored = () => {}): Promise<HistoryReport> {
  requireOperator(actor)
  await lock(tx, input)
  const plan = await planHistory(tx.db, input)
  await storeRoom(tx, plan)
  await storePeople(tx, plan)
  await storeMessages(tx, plan, onStored)
  // Behind the messages: whoever comes by an import has read all that it brings.
  await storeMembers(
    tx,
    plan.members.map((one) => ({ ...one, role: 'member' })),
  )
  await storePastNotifications(tx, plan)
  await markReadSince(tx, plan)
  return reportOf(input, plan)
}

/**
 * In the order of the names: with the room locked nobody comes to it; with its people, nobody reads on in it; with whoever is told that
 * they have read, nobody marks what they were told.
 */
async function lock(tx: Tx, history: History): Promise<void> {
  const { id: roomId } = history.room
  await tx.lock(roomTopic(GENERAL_ROOM), roomTopic(roomId))
  const told = await ownersAmong(tx.db, readThere(history))
  const people = new Set([...(await everMembers(tx.db, roomId)), ...told])
  await tx.lock(...[...people].map(userTopic), WORKSPACE_TOPIC)
}

async function storeRoom(tx: Tx, { room }: Plan): Promise<void> {
  if (!room.isNew) return
  const about = { description: '', kind: 'open' as const, posting: 'members' as const, history: 'whole' as const }
  const row = { id: room.id, name: room.name, ...about, createdAt: tx.now, archivedAt: null }
  await tx.change(roomTopic(room.id), { kind: 'room', row, extra: { createdBy: null } })
}

async function storePeople(tx: Tx, plan: Plan): Promise<void> {
  const { accounts, outsiders } = plan
  await tx.changeEach('user', [
    ...accounts.map((one) => userChange(plan, one, { role: one.role, importedFrom: null, disabledAt: one.isDisabled ? tx.now : null })),
    ...outsiders.map((one) => userChange(plan, one, { role: 'member', importedFrom: one.from, disabledAt: null })),
  ])
  await storePasswords(tx, plan)
  await storeEmptyCounts(tx, plan)
}

function userChange({ ids }: Plan, one: NewAccount | Outsider, is: Pick<User, 'role' | 'importedFrom' | 'disabledAt'>) {
  const { key, username, name, createdAt } = one
  const row = { id: ids.get(key)!, username, name, picture: null, createdAt, ...is }
  return { topic: WORKSPACE_TOPIC as Topic, row, extra: foundBy(row) }
}

const PASSWORDS_A_STATEMENT = 1_000

async function storePasswords(tx: Tx, { ids, accounts }: Plan): Promise<void> {
  const passwords = accounts.flatMap(({ key, passwordHash: hash }) => (hash ? { userId: ids.get(key)!, hash } : []))
  for (const some of chunks(passwords, PASSWORDS_A_STATEMENT)) await tx.db.insertInto('passwords').values(some).execute()
}

async function storeEmptyCounts(tx: Tx, { ids, accounts }: Plan): Promise<void> {
  const counts = accounts.map(({ key }) => {
    const userId = ids.get(key)!
    return { topic: userTopic(userId), row: { id: 'inbox', unread: 0, unseen: 0 }, extra: { userId } }
  })
  await tx.changeEach('counts', counts)
}

/** Whoever had read all has read what comes behind it too: it is old, and of elsewhere. */
async function storeMessages(tx: Tx, { room, ids, messages }: Plan, onStored: OnStored): Promise<void> {
  if (messages.length === 0) return
  const drafts = messages.map(({ id, author, body, createdAt }) => ({
    id,
    roomId: room.id,
    authorId: ids.get(author)!,
    body,
    replyTo: null,
    names: {},
    createdAt,
    editedAt: null,
    deletedAt: null,
  }))
  const readUp = await placesReadUp(tx.db, room.id)
  const stored = await storeNewMessages(tx, drafts, (count) => onStored(count, drafts.length))
  await moveOn(tx, readUp, stored.at(-1)!.n)
}

const PEOPLE_AT_ONCE = 500

/** In pieces of people: what a statement holds is limited. */
async function storePastNotifications(tx: Tx, { ids, notifications }: Plan): Promise<void> {
  const byUser = Map.groupBy(notifications, ({ to }) => ids.get(to)!)
  for (const some of chunks([...byUser], PEOPLE_AT_ONCE)) {
    const seqs = await tx.seqsOf(some.map(([userId]) => userTopic(userId)))
    const changes = some.flatMap(([userId, ofUser]) =>
      ofUser.map((one) => ({ userId, before: null, after: notificationRow(one, seqs.get(userTopic(userId))!) })),
    )
    await storeNotifications(tx, changes)
  }
}

/** Whoever had read it had also seen it. When is not known. */
function notificationRow({ id, title, body, isRead, createdAt }: PastNotification, since: number) {
  const readAt = isRead ? createdAt : null
  const more = { kind: 'notice' as const, url: null, key: null, category: null, priority: 'normal' as const }
  return { ...more, id, since, title, body, createdAt, seenAt: readAt, readAt, archivedAt: null, deletedAt: null }
}

const NOTIFICATIONS_AT_ONCE = 500

async function markReadSince(tx: Tx, { readSince }: Plan): Promise<void> {
  for (const some of chunks(readSince, NOTIFICATIONS_AT_ONCE)) await storeNotifications(tx, some.map(readAtItsTime))
}

/** As one that comes as read. */
function readAtItsTime({ userId, notification: before }: Owned) {
  const { createdAt } = before
  return { userId, before, after: { ...before, seenAt: createdAt, readAt: createdAt } }
}
