import { z } from 'zod'
import { id } from './text.ts'

/** What every screen shows is one of these. `changed`: the topic's seq at the row's last change. Times: epoch milliseconds. */

const time = z.int().nonnegative()
const changed = z.int().nonnegative()

/** `signUp`: who may make an account. */
export const workspaceRow = z.object({ id, changed, name: z.string(), signUp: z.enum(['open', 'invite', 'closed']) })

/** A person's public profile, a row of `workspace`. */
export const userRow = z.object({
  id,
  changed,
  username: z.string(),
  name: z.string(),
  role: z.enum(['admin', 'member']),
  /** Which picture, at `/api/v1/users/ID/pictures/PICTURE`; another picture has another name. */
  picture: z.string().nullable(),
  /** From where an import took this person, who cannot sign in here: `irc`. Null: an ordinary account. */
  importedFrom: z.string().nullable(),
  createdAt: time,
  disabledAt: time.nullable(),
})

/** `open`: everybody may read it and join; `closed`: its members alone know that it is there. `posting`: who may write there. */
export const roomRow = z.object({
  id,
  changed,
  name: z.string(),
  description: z.string(),
  kind: z.enum(['open', 'closed', 'direct']),
  posting: z.enum(['members', 'moderators']),
  createdAt: time,
  /** Since then nothing is written there any more. */
  archivedAt: time.nullable(),
})

/** One user in one room; `id` is the user's. */
export const memberRow = z.object({
  id,
  changed,
  roomId: id,
  role: z.enum(['owner', 'moderator', 'member']),
  joinedAt: time,
  endedAt: time.nullable(),
})

/** One room as one user has it; `id` is the room's. It stands for as long as one is a member. `readTo`: the read marker. */
export const placeRow = z.object({ id, changed, readTo: z.int().nonnegative(), endedAt: time.nullable() })

/** `n`: 1, 2, 3 … within the room, without holes. A deleted message stays as a tombstone: `deletedAt` set, `body` blank. */
export const messageRow = z.object({
  id,
  roomId: id,
  n: z.int().positive(),
  changed,
  authorId: id,
  body: z.string(),
  createdAt: time,
  editedAt: time.nullable(),
  deletedAt: time.nullable(),
})

/** One row that tells one user one thing. `since`: the seq at which it last became unread. A deleted one is a tombstone: text blank. */
export const notificationRow = z.object({
  id,
  since: z.int().nonnegative(),
  changed,
  kind: z.enum(['notice']),
  title: z.string(),
  body: z.string().nullable(),
  url: z.string().nullable(),
  key: z.string().nullable(),
  category: z.string().nullable(),
  priority: z.enum(['low', 'normal', 'high', 'urgent']),
  createdAt: time,
  seenAt: time.nullable(),
  readAt: time.nullable(),
  archivedAt: time.nullable(),
  deletedAt: time.nullable(),
})

/** The inbox's counts, made under the topic's lock; the row's id is `inbox`. Archived and deleted ones do not count. */
export const countsRow = z.object({ id, changed, unread: z.int().nonnegative(), unseen: z.int().nonnegative() })

/** A signed-in device. Its end closes its connections. `usedAt`: to the day. */
export const sessionRow = z.object({ id, changed, device: z.string(), createdAt: time, usedAt: time, endedAt: time.nullable() })

export type Workspace = z.infer<typeof workspaceRow>
export type User = z.infer<typeof userRow>
export type Room = z.infer<typeof roomRow>
export type Member = z.infer<typeof memberRow>
export type Place = z.infer<typeof placeRow>
export type Message = z.infer<typeof messageRow>
export type Notification = z.infer<typeof notificationRow>
export type Counts = z.infer<typeof countsRow>
export type Session = z.infer<typeof sessionRow>

/** Row kinds and their schemas; the wire groups rows by these names. */
export const rowKinds = {
  workspace: workspaceRow,
  user: userRow,
  room: roomRow,
  member: memberRow,
  place: placeRow,
  message: messageRow,
  notification: notificationRow,
  counts: countsRow,
  session: sessionRow,
} as const

export type RowKind = keyof typeof rowKinds
export type RowOf<K extends RowKind> = z.infer<(typeof rowKinds)[K]>

/** Rows grouped by kind: `{message: [{id, …}]}`. Within a topic, (kind, id) names a row. */
export const rows = z.object({
  workspace: z.array(workspaceRow).optional(),
  user: z.array(userRow).optional(),
  room: z.array(roomRow).optional(),
  member: z.array(memberRow).optional(),
  place: z.array(placeRow).optional(),
  message: z.array(messageRow).optional(),
  notification: z.array(notificationRow).optional(),
  counts: z.array(countsRow).optional(),
  session: z.array(sessionRow).optional(),
})

export type Rows = { [K in RowKind]?: RowOf<K>[] | undefined }
