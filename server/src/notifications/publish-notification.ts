import type { Parsed, Result } from '@belfry/protocol/commands.ts'
import type { Notification } from '@belfry/protocol/rows.ts'
import { userTopic } from '@belfry/protocol/topics.ts'
import { uuidv7 } from '@belfry/protocol/uuid.ts'
import { requireNotifier, topicsOfAdmin } from '#accounts/actor.ts'
import { usersNamed } from '#accounts/users.ts'
import { undisturbed } from '#presence/preferences.ts'
import { fold } from '#lib/fold.ts'
import { Refusal } from '#lib/refusal.ts'
import type { Write } from '#store/batch.ts'
import type { Tx } from '#store/tx.ts'
import { storeNotifications } from './inbox.ts'
import { type Recipient, recipients } from './recipients.ts'

type Publish = Parsed<'notification.publish'>

/**
 * notification.publish: one notification for each person named, all in one transaction: stored for everybody, or for nobody [N1].
 * The same `key` for the same person is the notification that is there, which does not ring again, also after it was deleted [N2].
 * Whoever is not to be disturbed has it all the same, and is named: it does not ring, unless it is urgent.
 * Refusals: unknown-recipient, which names them, and forbidden or unauthenticated for whoever may not ring.
 */
export async function publishNotification(tx: Tx, { input, actor }: Write<Publish>): Promise<Result<'notification.publish'>> {
  const { found: named } = await findRecipients(tx, input)
  await tx.lock(...new Set([...topicsOfAdmin(actor), ...named.map(({ userId }) => userTopic(userId))]))
  await requireNotifier(tx, actor)
  // Again, now that nobody can be disabled any more until the commit.
  const found = await requireRecipients(tx, input)
  const there = await notificationsWithKey(tx, input.key, found)
  // Whoever is named twice, by id and by user name, is one person all the same.
  const rung = [...new Set(found.map(({ userId }) => userId))].filter((userId) => !there.has(userId))
  const made = await ring(tx, rung, input)
  const first = new Set(rung)
  const items = found.map(({ to, userId }) => ({ to, id: there.get(userId) ?? made.get(userId)!, duplicate: !first.delete(userId) }))
  const quiet = input.priority === 'urgent' ? new Set<string>() : await undisturbed(tx.db, rung, tx.now)
  const suppressed = found.filter(({ userId }, at) => quiet.has(userId) && !items[at]!.duplicate)
  return { items, suppressed: suppressed.map(({ to }) => ({ to, reason: 'do-not-disturb' })) }
}

/** What a publish costs, for limits and batches: its recipients. */
export function recipientCount(input: Publish): number {
  return typeof input.to === 'string' ? 1 : input.to.length
}

async function findRecipients(tx: Tx, input: Publish): Promise<ReturnType<typeof recipients>> {
  const to = typeof input.to === 'string' ? [input.to] : input.to
  return recipients(to, await usersNamed(tx.db, to), fold)
}

async function requireRecipients(tx: Tx, input: Publish): Promise<Recipient[]> {
  const { found, unknown } = await findRecipients(tx, input)
  if (unknown.length === 0) return found
  const errors = unknown.map((name) => ({ at: name, detail: `${name} is unknown or disabled` }))
  throw new Refusal(
    'unknown-recipient',
    `Nobody was notified: ${unknown.join(', ')} ${unknown.length === 1 ? 'is' : 'are'} unknown or disabled.`,
    { errors },
  )
}

/** Ids by user, of what stands under this key; without a key nothing does. */
async function notificationsWithKey(tx: Tx, key: string | undefined, found: Recipient[]): Promise<Map<string, string>> {
  if (key === undefined) return new Map()
  const userIds = found.map(({ userId }) => userId)
  const rows = await tx.db
    .selectFrom('notifications')
    .select(['id', 'userId'])
    .where('userId', 'in', userIds)
    .where('key', '=', key)
    .execute()
  return new Map(rows.map((row) => [row.userId, row.id]))
}

/** A new notification for each; answers their ids by user. */
async function ring(tx: Tx, userIds: string[], input: Publish): Promise<Map<string, string>> {
  if (userIds.length === 0) return new Map()
  const seqs = await tx.seqsOf(userIds.map(userTopic))
  const changes = userIds.map((userId) => ({
    userId,
    before: null,
    after: newNotification(input, { since: seqs.get(userTopic(userId))!, now: tx.now }),
  }))
  await storeNotifications(tx, changes)
  return new Map(changes.map(({ userId, after }) => [userId, after.id]))
}

function newNotification(input: Publish, at: { since: number; now: number }): Omit<Notification, 'changed'> {
  return {
    id: uuidv7(),
    since: at.since,
    kind: 'notice',
    title: input.title,
    body: input.body ?? null,
    url: input.url ?? null,
    key: input.key ?? null,
    category: input.category ?? null,
    priority: input.priority ?? 'normal',
    createdAt: at.now,
    seenAt: null,
    readAt: null,
    archivedAt: null,
    deletedAt: null,
  }
}
