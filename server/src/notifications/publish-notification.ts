import type { Parsed, Result } from '@belfry/protocol/commands.ts'
import type { Notification } from '@belfry/protocol/rows.ts'
import { userTopic } from '@belfry/protocol/topics.ts'
import { uuidv7 } from '@belfry/protocol/uuid.ts'
import { requireProgram } from '#accounts/actor.ts'
import { foldUsername, usersNamed } from '#accounts/users.ts'
import { Refusal } from '#lib/refusal.ts'
import type { Write } from '#store/batch.ts'
import type { Tx } from '#store/tx.ts'
import { storeNotifications } from './inbox.ts'
import { type Recipient, recipients } from './recipients.ts'

type Publish = Parsed<'notification.publish'>

/**
 * notification.publish: one notification for each person named, all in one transaction: stored for everybody, or for nobody [N1].
 * The same `key` for the same person is the notification that is there, which does not ring again, also after it was deleted [N2].
 * Refusal: unknown-recipient, which names them.
 */
export async function publishNotification(tx: Tx, { input, actor }: Write<Publish>): Promise<Result<'notification.publish'>> {
  await requireProgram(tx, actor)
  const found = await requireRecipients(tx, input)
  await tx.lock(...new Set(found.map(({ userId }) => userTopic(userId))))
  const there = await notificationsWithKey(tx, input.key, found)
  const items = []
  for (const { to, userId } of found) {
    const earlier = there.get(userId)
    const id = earlier ?? (await notify(tx, userId, input))
    items.push({ to, id, duplicate: earlier !== undefined })
    // Named twice, by id and by user name: still one notification.
    there.set(userId, id)
  }
  return { items, suppressed: [] }
}

async function requireRecipients(tx: Tx, input: Publish): Promise<Recipient[]> {
  const to = typeof input.to === 'string' ? [input.to] : input.to
  const { found, unknown } = recipients(to, await usersNamed(tx.db, to), foldUsername)
  if (unknown.length === 0) return found
  const errors = unknown.map((name) => ({ at: name, detail: `${name} is unknown or disabled` }))
  throw new Refusal('unknown-recipient', `Nobody was notified: ${unknown.join(', ')} ${unknown.length === 1 ? 'is' : 'are'} unknown or disabled.`, { errors })
}

/** Ids by user, of what stands under this key; without a key nothing does. */
async function notificationsWithKey(tx: Tx, key: string | undefined, found: Recipient[]): Promise<Map<string, string>> {
  if (key === undefined) return new Map()
  const userIds = found.map(({ userId }) => userId)
  const rows = await tx.db.selectFrom('notifications').select(['id', 'userId']).where('userId', 'in', userIds).where('key', '=', key).execute()
  return new Map(rows.map((row) => [row.userId, row.id]))
}

async function notify(tx: Tx, userId: string, input: Publish): Promise<string> {
  const row: Omit<Notification, 'changed'> = {
    id: uuidv7(),
    since: await tx.seqOf(userTopic(userId)),
    kind: 'notice',
    title: input.title,
    body: input.body ?? null,
    url: input.url ?? null,
    key: input.key ?? null,
    category: input.category ?? null,
    priority: input.priority ?? 'normal',
    createdAt: tx.now,
    seenAt: null,
    readAt: null,
    archivedAt: null,
    deletedAt: null,
  }
  await storeNotifications(tx, userId, [row])
  return row.id
}
