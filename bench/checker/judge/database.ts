import type { Store } from '@belfry/server/store/store.ts'
import { digestOf, saidIn } from '#checker/record/text.ts'

/** A message as the database has it in the end. `said`: whose it is, and which of theirs; null: it was deleted, or is none of this run's. */
export interface StoredMessage {
  id: string
  roomId: string
  n: number
  changed: number
  text: string
  said: string | null
  isDeleted: boolean
  isEdited: boolean
}

export interface StoredNotification {
  id: string
  userId: string
  changed: number
  text: string
  key: string | null
  isListed: boolean
  isUnread: boolean
  isUnseen: boolean
}

/** What the database holds when all has come to rest. */
export interface Database {
  messages: Map<string, StoredMessage>
  /** By room, in the order of their numbers. */
  rooms: Map<string, StoredMessage[]>
  /** Former states, by message: at which seq, and what was said. */
  versions: Map<string, { changed: number; text: string }[]>
  notifications: Map<string, StoredNotification>
  counts: Map<string, { unread: number; unseen: number }>
  topics: Map<string, { seq: number; posted: number }>
  /** Of sessions that have ended: at which seq of their person's topic. */
  sessionEnds: Map<string, number>
}

export function readDatabase(store: Store): Promise<Database> {
  return store.read(async (db) => {
    const messages = (await db.selectFrom('messages').selectAll().orderBy('roomId').orderBy('n').execute()).map(storedMessage)
    const versions = await db.selectFrom('versions').select(['messageId', 'changed', 'body']).execute()
    const notifications = (await db.selectFrom('notifications').selectAll().execute()).map(storedNotification)
    const counts = await db.selectFrom('counts').select(['userId', 'unread', 'unseen']).execute()
    const topics = await db.selectFrom('topics').select(['topic', 'seq', 'posted']).execute()
    const ended = await db.selectFrom('sessions').select(['id', 'changed']).where('endedAt', 'is not', null).execute()
    return {
      messages: new Map(messages.map((message) => [message.id, message])),
      rooms: Map.groupBy(messages, ({ roomId }) => roomId),
      versions: Map.groupBy(
        versions.map(({ messageId, changed, body }) => ({ messageId, changed, text: digestOf(body) })),
        ({ messageId }) => messageId,
      ),
      notifications: new Map(notifications.map((row) => [row.id, row])),
      counts: new Map(counts.map(({ userId, ...count }) => [userId, count])),
      topics: new Map(topics.map(({ topic, ...counter }) => [topic, counter])),
      sessionEnds: new Map(ended.map(({ id, changed }) => [id, changed])),
    }
  })
}

interface MessageRow {
  id: string
  roomId: string
  n: number
  changed: number
  body: string
  deletedAt: number | null
  editedAt: number | null
}

function storedMessage({ id, roomId, n, changed, body, deletedAt, editedAt }: MessageRow): StoredMessage {
  const states = { isDeleted: deletedAt !== null, isEdited: editedAt !== null }
  return { id, roomId, n, changed, text: digestOf(body), said: saidIn(body), ...states }
}

interface NotificationRow {
  id: string
  userId: string
  changed: number
  title: string
  key: string | null
  seenAt: number | null
  readAt: number | null
  archivedAt: number | null
  deletedAt: number | null
}

function storedNotification({ id, userId, changed, title, key, ...at }: NotificationRow): StoredNotification {
  const isListed = at.deletedAt === null && at.archivedAt === null
  const states = { isListed, isUnread: isListed && at.readAt === null, isUnseen: isListed && at.seenAt === null }
  return { id, userId, changed, text: digestOf(title), key, ...states }
}
