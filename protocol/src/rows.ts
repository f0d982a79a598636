import { z } from 'zod'
import { id } from './text.ts'

/** What every screen shows is one of these. `changed`: the topic's seq at the row's last change. Times: epoch milliseconds. */

const time = z.int().nonnegative()
const changed = z.int().nonnegative()

/** `signUp`: who may make an account. */
export const workspaceRow = z.object({ id, changed, name: z.string(), signUp: z.enum(['open', 'invite', 'closed']) })

/** A person's public profile, a row of `workspace`. A `guest` sees the rooms alone that they were brought into, and the people in them. */
export const userRow = z.object({
  id,
  changed,
  username: z.string(),
  name: z.string(),
  role: z.enum(['admin', 'member', 'guest']),
  /** Which picture, at `/api/v1/users/ID/pictures/PICTURE`; another picture has another name. */
  picture: z.string().nullable(),
  /** From where an import took this person, who cannot sign in here: `irc`. Null: an ordinary account. */
  importedFrom: z.string().nullable(),
  createdAt: time,
  disabledAt: time.nullable(),
})

/**
 * `open`: everybody may read it and join; `closed`: its members alone know that it is there; `direct`: a conversation of the people in it, which
 * has no name. `posting`: who may write there. `history`: whether who comes to a closed room sees what was written before.
 */
export const roomRow = z.object({
  id,
  changed,
  name: z.string(),
  description: z.string(),
  kind: z.enum(['open', 'closed', 'direct']),
  posting: z.enum(['members', 'moderators']),
  history: z.enum(['whole', 'since-joined']),
  createdAt: time,
  /** Since then nothing is written there any more. */
  archivedAt: time.nullable(),
})

/** One user in one room; `id` is the user's. `seesAfter`: unless the room is open, they see messages with higher numbers alone. */
export const memberRow = z.object({
  id,
  changed,
  roomId: id,
  role: z.enum(['owner', 'moderator', 'member']),
  joinedAt: time,
  seesAfter: z.int().nonnegative(),
  endedAt: time.nullable(),
})

/**
 * One room as one user has it; `id` is the room's. It stands for as long as one is a member. `readTo`: the read marker. `notify`: what rings.
 * `mentions`: unread notifications of what was said there. `hiddenTo`: not listed until a message has a higher number.
 */
export const placeRow = z.object({
  id,
  changed,
  readTo: z.int().nonnegative(),
  notify: z.enum(['everything', 'mentions', 'nothing']),
  mentions: z.int().nonnegative(),
  favouriteAt: time.nullable(),
  hiddenTo: z.int().nonnegative().nullable(),
  endedAt: time.nullable(),
})

/** Somebody whose messages one does not want; `id` is theirs. */
export const blockRow = z.object({ id, changed, createdAt: time, endedAt: time.nullable() })

/**
 * `n`: 1, 2, 3 … within the room, without holes. A deleted message stays as a tombstone: `deletedAt` set, `body` blank. `replyTo`: the message
 * of the room that it answers. `names`: whom its text names by which `@name`, however they are called now; `room` and `here` name many.
 */
export const messageRow = z.object({
  id,
  roomId: id,
  n: z.int().positive(),
  changed,
  authorId: id,
  body: z.string(),
  replyTo: id.nullable(),
  names: z.record(z.string(), z.string()),
  createdAt: time,
  editedAt: time.nullable(),
  deletedAt: time.nullable(),
})

/**
 * A message as its room's frames tell it, for it is most of what they say: its room is that of the topic; `replyTo`, `editedAt` and
 * `deletedAt` are there where they are not null, `names` where somebody is named.
 */
export const toldMessageRow = messageRow.omit({ roomId: true }).extend({
  replyTo: id.optional(),
  names: messageRow.shape.names.optional(),
  editedAt: time.optional(),
  deletedAt: time.optional(),
})

/**
 * One person's emoji at one message, whose number is `n`; `id` is made of the three, so that each is there once. It stands until `endedAt`:
 * it was taken back, or the message was deleted. Given again it is the same row, of another `createdAt`.
 */
export const reactionRow = z.object({
  id: z.string(),
  changed,
  roomId: id,
  messageId: id,
  n: z.int().positive(),
  userId: id,
  emoji: z.string(),
  createdAt: time,
  endedAt: time.nullable(),
})

/** One row that tells one user one thing; `kind`: a program rang, or somebody wrote something. `since`: the seq at which it last became unread. A deleted one is a tombstone: text blank. */
export const notificationRow = z.object({
  id,
  since: z.int().nonnegative(),
  changed,
  kind: z.enum(['notice', 'message']),
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

/** What one has chosen for oneself; the row's id is `preferences`, and before the first choice there is none. `dndUntil`: until when one is not to be disturbed. */
export const preferencesRow = z.object({ id, changed, dndUntil: time.nullable() })

export type Workspace = z.infer<typeof workspaceRow>
export type User = z.infer<typeof userRow>
export type Room = z.infer<typeof roomRow>
export type Member = z.infer<typeof memberRow>
export type Place = z.infer<typeof placeRow>
export type Block = z.infer<typeof blockRow>
export type Message = z.infer<typeof messageRow>
export type Reaction = z.infer<typeof reactionRow>
export type Notification = z.infer<typeof notificationRow>
export type Counts = z.infer<typeof countsRow>
export type Session = z.infer<typeof sessionRow>
export type Preferences = z.infer<typeof preferencesRow>

/** Row kinds and their schemas; the wire groups rows by these names. */
export const rowKinds = {
  workspace: workspaceRow,
  user: userRow,
  room: roomRow,
  member: memberRow,
  place: placeRow,
  block: blockRow,
  message: messageRow,
  reaction: reactionRow,
  notification: notificationRow,
  counts: countsRow,
  session: sessionRow,
  preferences: preferencesRow,
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
  block: z.array(blockRow).optional(),
  message: z.array(messageRow).optional(),
  reaction: z.array(reactionRow).optional(),
  notification: z.array(notificationRow).optional(),
  counts: z.array(countsRow).optional(),
  session: z.array(sessionRow).optional(),
  preferences: z.array(preferencesRow).optional(),
})

/** {@link rows} as frames tell them. */
export const toldRows = rows.extend({ message: z.array(toldMessageRow).optional() })

export type ToldMessage = z.infer<typeof toldMessageRow>
export type Rows = { [K in RowKind]?: RowOf<K>[] | undefined }
