import type { Message, Reaction } from '@belfry/protocol/rows.ts'
import type { MessageEntry, PostEntry } from './outbox-entry.ts'
import type { RefusedChange } from './room-handle.ts'

export interface TimelineItem {
  id: string
  /** Null until the server has numbered it. */
  n: number | null
  authorId: string
  body: string
  /** The message that it answers. */
  replyTo: string | null
  /** Whom its text names, by the names as they are written; what waits names nobody yet. */
  names: Readonly<Record<string, string>>
  createdAt: number
  editedAt: number | null
  changed: number
  /** Those that stand, in the order in which each emoji first appeared. */
  reactions: readonly ItemReaction[]
  /** sending, failed: a post, an edit or a deletion that waits or was refused. */
  state: 'sent' | 'sending' | 'failed'
  /** The refusal's sentence. */
  failure?: string
  /** What waits or failed. */
  wants?: 'post' | 'edit' | 'delete'
}

/** One emoji at a message: whose, in the order in which they gave it. */
export interface ItemReaction {
  emoji: string
  userIds: readonly string[]
}

/** The standing reactions of each message that has any, in their order. */
export type ReactionsByMessage = ReadonlyMap<string, readonly Reaction[]>

const NO_REACTIONS: readonly never[] = []

/** Items are made once per row and state: what did not change keeps its identity. */
const sentItems = new WeakMap<Message, { reactions: readonly Reaction[]; item: TimelineItem }>()
const waitingItems = new WeakMap<MessageEntry, { base: TimelineItem; item: TimelineItem }>()
const postedItems = new WeakMap<MessageEntry, TimelineItem>()

/** Standing messages by number, with what waits laid over them; then the posts that wait, in their order. */
export function timeline(
  messages: readonly Message[],
  { entries, reactions, authorId }: { entries: readonly MessageEntry[]; reactions: ReactionsByMessage; authorId: string },
): TimelineItem[] {
  const byId = Map.groupBy(entries, ({ input }) => input.id)
  const sent = messages.toSorted((a, b) => a.n - b.n).map((row) => laidOver(sentItem(row, reactions.get(row.id)), byId.get(row.id)))
  const held = new Set(messages.map(({ id }) => id))
  const posts = entries.filter((entry): entry is PostEntry => entry.name === 'message.post' && !held.has(entry.input.id))
  return [...sent, ...posts.map((post) => laidOver(postedItem(post, authorId), byId.get(post.input.id)))]
}

/** Edits and deletions that were refused, of messages that are not among these. */
export function refusedApart(entries: readonly MessageEntry[], messages: readonly Message[]): RefusedChange[] {
  const refused = entries.filter(({ failure }) => failure !== null)
  if (refused.length === 0) return []
  const held = new Set(messages.map(({ id }) => id))
  return refused.flatMap(({ name, input: { id }, failure }) => {
    if (failure === null || name === 'message.post' || held.has(id)) return []
    return { id, wants: name === 'message.edit' ? 'edit' : 'delete', failure }
  })
}

/** A reaction that stands changed when it was given. */
export function standingReactions(rows: Iterable<Reaction>): ReactionsByMessage {
  const standing = [...rows].filter(({ endedAt }) => endedAt === null).toSorted((a, b) => a.changed - b.changed)
  return Map.groupBy(standing, ({ messageId }) => messageId)
}

function sentItem(row: Message, reactions: readonly Reaction[] = NO_REACTIONS): TimelineItem {
  const known = sentItems.get(row)
  if (known && isSame(known.reactions, reactions)) return known.item
  const { roomId: _room, deletedAt: _deletion, ...shown } = row
  const item: TimelineItem = { ...shown, reactions: grouped(reactions), state: 'sent' }
  sentItems.set(row, { reactions, item })
  return item
}

function isSame(some: readonly Reaction[], others: readonly Reaction[]): boolean {
  return some.length === others.length && some.every((one, at) => one === others[at])
}

function grouped(reactions: readonly Reaction[]): readonly ItemReaction[] {
  if (reactions.length === 0) return NO_REACTIONS
  const byEmoji = Map.groupBy(reactions, ({ emoji }) => emoji)
  return [...byEmoji].map(([emoji, some]) => ({ emoji, userIds: some.map(({ userId }) => userId) }))
}

function postedItem(post: PostEntry, authorId: string): TimelineItem {
  const known = postedItems.get(post)
  if (known?.authorId === authorId) return known
  const item: TimelineItem = {
    id: post.input.id,
    n: null,
    authorId,
    body: '',
    replyTo: post.input.replyTo ?? null,
    names: {},
    createdAt: post.createdAt,
    editedAt: null,
    changed: 0,
    reactions: NO_REACTIONS,
    state: 'sending',
  }
  postedItems.set(post, item)
  return item
}

function laidOver(base: TimelineItem, entries: readonly MessageEntry[] = []): TimelineItem {
  return entries.reduce(laid, base)
}

function laid(base: TimelineItem, entry: MessageEntry): TimelineItem {
  const known = waitingItems.get(entry)
  if (known?.base === base) return known.item
  const item = { ...base, ...statusOf(entry), ...('body' in entry.input && { body: entry.input.body }) }
  waitingItems.set(entry, { base, item })
  return item
}

function statusOf({ name, failure }: MessageEntry): Pick<TimelineItem, 'state' | 'failure' | 'wants'> {
  const wants = ({ 'message.post': 'post', 'message.edit': 'edit', 'message.delete': 'delete' } as const)[name]
  return failure === null ? { state: 'sending', wants } : { state: 'failed', wants, failure }
}
