import type { Snapshot } from '@belfry/protocol/down.ts'
import type { RowKind, RowOf, Rows, User } from '@belfry/protocol/rows.ts'
import { roomTopic, WORKSPACE_TOPIC } from '@belfry/protocol/topics.ts'
import { aboutRoom, conversationOf, type ListedRoom, USUAL_PLACE } from './listed-room.ts'
import type { Check, Shape } from './shape.ts'
import { has, isNumber, isText, listOf, orAbsent, orNull, recordOf } from './shape.ts'
import type { Topic } from './topic.ts'
import type { Windows } from './windows.ts'

/** So much of a room is kept: its newest standing messages. */
export const KEPT_MESSAGES_MAX = 200
/** So many notifications are kept: the newest. */
export const KEPT_NOTIFICATIONS_MAX = 200
/** So many profiles are kept, those first who wrote what is kept. */
export const KEPT_PROFILES_MAX = 500

/** A topic's rows together with their position, so that the two never disagree; it is put back as if a snapshot had brought it. */
export type TopicCopy = Pick<Snapshot, 'topic' | 'epoch' | 'seq' | 'windows' | 'rows'> & {
  /** When the topic was last opened, by this device's clock. */
  openedAt: number
}

/** Null while nothing is held of it. `authors`: whose profiles come first. */
export function copyOf(topic: string, held: Topic, about: { openedAt: number; authors: ReadonlySet<string> }): TopicCopy | null {
  if (!held.position) return null
  const rows = Object.fromEntries(KINDS.map((kind) => [kind, [...held.rows(kind).values()]])) as Rows
  const whole = { topic, ...held.position, windows: { ...held.windows }, rows, openedAt: about.openedAt }
  if (topic.startsWith('room:')) return withNewestMessages(whole, held.latest)
  if (topic.startsWith('user:')) return withNewestNotifications(whole, held.windows)
  if (topic === WORKSPACE_TOPIC) return { ...whole, rows: { ...rows, user: profilesToKeep(rows.user ?? [], about.authors) } }
  return whole
}

/** The copies among these that are whole and of this version's shape. */
export function topicCopies(values: readonly unknown[]): TopicCopy[] {
  return values.filter((value): value is TopicCopy => has(value, COPY))
}

/** A room as lists have it, as far as its copy tells; null where it does not even tell its name. */
export function listedIn({ topic, seq, rows }: TopicCopy, ownId: string): ListedRoom | null {
  const room = rows.room?.find(({ id }) => topic === roomTopic(id))
  if (!room) return null
  const own = rows.member?.find(({ id }) => id === ownId)
  const posted = Math.max(0, ...(rows.message ?? []).map(({ n }) => n))
  // Who opened it could most probably write there; whether one may, the server decides.
  const role = own ? (own.endedAt === null ? own.role : null) : 'member'
  return {
    id: room.id,
    ...aboutRoom(room),
    seq,
    posted,
    ...conversationOf(room.kind, rows.member ?? []),
    role,
    seesAfter: own?.seesAfter ?? 0,
    // Until the server says what is unread, nothing is.
    readTo: null,
    unread: 0,
    ...USUAL_PLACE,
  }
}

/** Whether this is a profile of this version's shape, wherever it was kept. */
export function isKeptUser(value: unknown): value is User {
  return has(value, ROWS.user)
}

/** The window is raised to the oldest that is kept; tombstones within it are kept too [F5]. `latest`: from which number on all are held. */
function withNewestMessages(copy: TopicCopy, latest: number): TopicCopy {
  const inWindow = (copy.rows.message ?? []).filter(({ n }) => n >= latest)
  const standing = inWindow.filter(({ deletedAt }) => deletedAt === null).map(({ n }) => n)
  const spare = standing.length > KEPT_MESSAGES_MAX
  const oldest = spare ? standing.toSorted((a, b) => b - a)[KEPT_MESSAGES_MAX - 1]! : latest
  const message = inWindow.filter(({ n }) => n >= oldest)
  const reaction = (copy.rows.reaction ?? []).filter(({ n }) => n >= oldest)
  return { ...copy, rows: { ...copy.rows, message, reaction }, windows: { messages: oldest === 1 ? null : oldest } }
}

/** The windows of the lists are raised likewise. */
function withNewestNotifications(copy: TopicCopy, windows: Windows): TopicCopy {
  const all = copy.rows.notification ?? []
  const standing = all.filter(({ deletedAt }) => deletedAt === null).map(({ id }) => id)
  if (standing.length <= KEPT_NOTIFICATIONS_MAX) return copy
  const oldest = standing.toSorted().at(-KEPT_NOTIFICATIONS_MAX)!
  const raised = Object.entries(windows).map(([filter, id]) => [filter, id !== null && id > oldest ? id : oldest])
  return {
    ...copy,
    rows: { ...copy.rows, notification: all.filter(({ id }) => id >= oldest) },
    windows: Object.fromEntries(raised) as Windows,
  }
}

function profilesToKeep(users: readonly User[], authors: ReadonlySet<string>): User[] {
  const isFirst = ({ id }: User) => (authors.has(id) ? 1 : 0)
  return users.toSorted((a, b) => isFirst(b) - isFirst(a) || b.changed - a.changed).slice(0, KEPT_PROFILES_MAX)
}

type RowShape<K extends RowKind> = { [F in keyof RowOf<K>]-?: Check }

/** A row that gained a field makes the copies of earlier versions unfit: then a snapshot comes in their place. */
const ROWS: { [K in RowKind]: RowShape<K> } = {
  workspace: { id: isText, changed: isNumber, name: isText, signUp: isText },
  user: {
    id: isText,
    changed: isNumber,
    username: isText,
    name: isText,
    role: isText,
    picture: orNull(isText),
    importedFrom: orNull(isText),
    createdAt: isNumber,
    disabledAt: orNull(isNumber),
  },
  room: {
    id: isText,
    changed: isNumber,
    name: isText,
    description: isText,
    kind: isText,
    posting: isText,
    history: isText,
    createdAt: isNumber,
    archivedAt: orNull(isNumber),
  },
  member: {
    id: isText,
    changed: isNumber,
    roomId: isText,
    role: isText,
    joinedAt: isNumber,
    seesAfter: isNumber,
    endedAt: orNull(isNumber),
  },
  place: {
    id: isText,
    changed: isNumber,
    readTo: isNumber,
    notify: isText,
    mentions: isNumber,
    favouriteAt: orNull(isNumber),
    hiddenTo: orNull(isNumber),
    endedAt: orNull(isNumber),
  },
  block: { id: isText, changed: isNumber, createdAt: isNumber, endedAt: orNull(isNumber) },
  message: {
    id: isText,
    roomId: isText,
    n: isNumber,
    changed: isNumber,
    authorId: isText,
    body: isText,
    replyTo: orNull(isText),
    names: recordOf(isText),
    createdAt: isNumber,
    editedAt: orNull(isNumber),
    deletedAt: orNull(isNumber),
  },
  reaction: {
    id: isText,
    changed: isNumber,
    roomId: isText,
    messageId: isText,
    n: isNumber,
    userId: isText,
    emoji: isText,
    createdAt: isNumber,
    endedAt: orNull(isNumber),
  },
  notification: {
    id: isText,
    since: isNumber,
    changed: isNumber,
    kind: isText,
    title: isText,
    body: orNull(isText),
    url: orNull(isText),
    key: orNull(isText),
    category: orNull(isText),
    priority: isText,
    createdAt: isNumber,
    seenAt: orNull(isNumber),
    readAt: orNull(isNumber),
    archivedAt: orNull(isNumber),
    deletedAt: orNull(isNumber),
  },
  counts: { id: isText, changed: isNumber, unread: isNumber, unseen: isNumber },
  session: { id: isText, changed: isNumber, device: isText, createdAt: isNumber, usedAt: isNumber, endedAt: orNull(isNumber) },
  preferences: { id: isText, changed: isNumber, dndUntil: orNull(isNumber) },
}

const KINDS = Object.keys(ROWS) as RowKind[]

const COPY: Shape = {
  topic: isText,
  epoch: isText,
  seq: isNumber,
  openedAt: isNumber,
  windows: isWindows,
  rows: (value) => has(value, Object.fromEntries(KINDS.map((kind) => [kind, isRowsOf(kind)]))),
}

/** A version that did not know reactions went on without those that it was told of: its copies are unfit. */
function isRowsOf(kind: RowKind): Check {
  const isList = listOf((row) => has(row, ROWS[kind]))
  return kind === 'reaction' ? isList : orAbsent(isList)
}

function isWindows(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.values(value).every(orNull((key) => isText(key) || isNumber(key)))
}
