import type { Message, Notification, Room } from '@belfry/protocol/rows.ts'
import { roomTopic, userTopic } from '@belfry/protocol/topics.ts'
import { uuidv7 } from '@belfry/protocol/uuid.ts'
import { findUser } from '#accounts/users.ts'
import { blockersOf } from '#chat/blocks.ts'
import { findMessage } from '#chat/messages.ts'
import { promiseRingingOf, type Ringing } from '#chat/ringings.ts'
import { findRoom, sightsIn } from '#chat/standings.ts'
import { finishJob } from '#jobs/jobs.ts'
import type { Write } from '#store/batch.ts'
import type { Tx } from '#store/tx.ts'
import { type NotificationChange, type Owned, rungNotifications, storeNotifications, tombstone } from './inbox.ts'
import { type Listener, listenersTo, textOf, wordsFor } from './listeners.ts'

/** How far a job has come: the message, and the last of its people. */
export interface RingPosition {
  at: number
  afterUserId: string
}

export interface Ring extends Ringing, RingPosition {
  jobId: string
  /** Who is here now, for `@here`. */
  online: string[]
  /** Messages before that could not ring: each is promised anew by itself when the job is finished. */
  failed: string[]
}

/**
 * message.ring: has some messages ring for some of the people whom they concern; answers where to go on, null when the job is done. A message
 * rings once for each of them [N2], in the transaction that finishes the job [W5]; one that was deleted meanwhile rings no more.
 */
export async function ringMembers(tx: Tx, { input }: Write<Ring>): Promise<RingPosition | null> {
  const { jobId, messageIds, at, failed } = input
  const lastRung = messageIds[at] === undefined ? null : await ringForOne(tx, messageIds[at], input)
  if (lastRung !== null) return { at, afterUserId: lastRung }
  if (at + 1 < messageIds.length) return { at: at + 1, afterUserId: '' }
  await finishJob(tx, jobId)
  for (const messageId of failed) promiseRingingOf(tx, { messageIds: [messageId] })
  return null
}

/** Answers the last of those for whom it rang, when there may be more. */
async function ringForOne(tx: Tx, id: string, { afterUserId, online, namedAnew = [] }: Ring): Promise<string | null> {
  const message = await lockedMessage(tx, id)
  if (!message) return null
  if (message.deletedAt !== null) return takeBack(tx, message)
  const room = (await findRoom(tx.db, message.roomId))!
  const asked = { message, afterUserId, online, namedAnew }
  const { listeners: candidates, next } = await listenersTo(tx.db, asked)
  const among = candidates.map(({ userId }) => userId)
  // With its room locked there come no more of whom it has rung for, and their texts stay as they are.
  const outdated = (await rungNotifications(tx.db, message)).filter(({ notification }) => notification.body !== textOf(message))
  await tx.lock(...[...among, ...outdated.map(({ userId }) => userId)].map(userTopic))
  // Again, now that none of them can read, leave or block until the commit. Who has begun to want it since has begun a moment later.
  const { listeners } = await listenersTo(tx.db, { ...asked, among })
  await ring(tx, { message, room, listeners: await withoutBlockers(tx, message, listeners) })
  return next
}

/** As it stays until the commit: its room is locked, and stands before people in the order of locks [W7]. */
async function lockedMessage(tx: Tx, id: string): Promise<Message | undefined> {
  const found = await findMessage(tx.db, id)
  if (!found) return undefined
  await tx.lock(roomTopic(found.roomId))
  return findMessage(tx.db, id)
}

/** Whoever has blocked its author. */
async function withoutBlockers<Somebody extends { userId: string }>(
  tx: Tx,
  { authorId }: Message,
  people: Somebody[],
): Promise<Somebody[]> {
  const blockers = await blockersOf(
    tx.db,
    authorId,
    people.map(({ userId }) => userId),
  )
  return people.filter(({ userId }) => !blockers.has(userId))
}

/** What rang of a message that was deleted. */
async function takeBack(tx: Tx, message: Message): Promise<null> {
  await tx.lock(...(await rungNotifications(tx.db, message)).map(({ userId }) => userTopic(userId)))
  const rung = await rungNotifications(tx.db, message)
  if (rung.length > 0)
    await storeNotifications(
      tx,
      rung.map(({ userId, notification: before }) => ({ userId, before, after: tombstone(before, tx.now) })),
    )
  return null
}

async function ring(tx: Tx, { message, room, listeners }: { message: Message; room: Room; listeners: Listener[] }): Promise<void> {
  const rung = await rungNotifications(tx.db, message)
  const there = new Map(rung.map(({ userId, notification }) => [userId, notification]))
  if (listeners.length + rung.length === 0) return
  const deaf = await deletedOf(tx, message)
  const author = (await findUser(tx.db, message.authorId))!
  const seqs = await tx.seqsOf(listeners.map(({ userId }) => userTopic(userId)))
  const changes: NotificationChange[] = listeners.flatMap(({ userId, reason }) => {
    const before = there.get(userId) ?? null
    const words = wordsFor(message, { author, room, reason })
    if (deaf.has(userId) || (before && before.title === words.title && before.body === words.body)) return []
    const after = before
      ? { ...before, ...words }
      : newNotification(message, { since: seqs.get(userTopic(userId))!, now: tx.now, ...words })
    return { userId, before, after, about: { roomId: room.id, n: message.n } }
  })
  const listening = new Set(listeners.map(({ userId }) => userId))
  const others = rung.filter(({ userId }) => !listening.has(userId))
  changes.push(...(await corrections(tx, message, others)))
  if (changes.length > 0) await storeNotifications(tx, changes)
}

/** Whom it rang for and would no more is told its text as it is now, all the same: those who see it still. What the others were told stays [A1] [A2]. */
async function corrections(tx: Tx, message: Message, rung: Owned[]): Promise<NotificationChange[]> {
  const body = textOf(message)
  const outdated = await withoutBlockers(
    tx,
    message,
    rung.filter(({ notification }) => notification.body !== body),
  )
  const sights = await sightsIn(
    tx.db,
    outdated.map(({ userId }) => ({ userId, roomId: message.roomId })),
  )
  const seeing = outdated.filter((_, at) => message.n > (sights[at]?.after ?? Infinity))
  return seeing.map(({ userId, notification: before }) => ({ userId, before, after: { ...before, body } }))
}

/** Who has deleted what it rang: it rings no more for them. */
async function deletedOf(tx: Tx, { roomId, n }: Message): Promise<Set<string>> {
  const gone = tx.db.selectFrom('notifications').select('userId').where('roomId', '=', roomId).where('n', '=', n)
  return new Set((await gone.where('deletedAt', 'is not', null).execute()).map(({ userId }) => userId))
}

function newNotification(
  { id, roomId }: Message,
  { since, now, title, body }: { since: number; now: number; title: string; body: string },
): Omit<Notification, 'changed'> {
  const is = {
    kind: 'message' as const,
    category: null,
    priority: 'normal' as const,
    seenAt: null,
    readAt: null,
    archivedAt: null,
    deletedAt: null,
  }
  return { id: uuidv7(), since, title, body, url: `/rooms/${roomId}/${id}`, key: `message:${id}`, createdAt: now, ...is }
}
