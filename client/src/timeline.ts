import type { Message } from '@belfry/protocol/rows.ts'
import type { MessageEntry, PostEntry } from './outbox-entry.ts'

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
  /** sending, failed: a post, an edit or a deletion that waits or was refused. */
  state: 'sent' | 'sending' | 'failed'
  /** The refusal's sentence. */
  failure?: string
  /** What waits or failed. */
  wants?: 'post' | 'edit' | 'delete'
}

/** Items are made once per row and state: what did not change keeps its identity. */
const sentItems = new WeakMap<Message, TimelineItem>()
const waitingItems = new WeakMap<MessageEntry, { base: TimelineItem; item: TimelineItem }>()
const postedItems = new WeakMap<MessageEntry, TimelineItem>()

/** Standing messages by number, with what waits laid over them; then the posts that wait, in their order. */
export function timeline(messages: readonly Message[], entries: readonly MessageEntry[], authorId: string): TimelineItem[] {
  const byId = Map.groupBy(entries, ({ input }) => input.id)
  const sent = messages.toSorted((a, b) => a.n - b.n).map((row) => laidOver(sentItem(row), byId.get(row.id)))
  const held = new Set(messages.map(({ id }) => id))
  const posts = entries.filter((entry): entry is PostEntry => entry.name === 'message.post' && !held.has(entry.input.id))
  return [...sent, ...posts.map((post) => laidOver(postedItem(post, authorId), byId.get(post.input.id)))]
}

function sentItem(row: Message): TimelineItem {
  const { id, n, authorId, body, replyTo, names, createdAt, editedAt, changed } = row
  return remembered(sentItems, row, () => ({ id, n, authorId, body, replyTo, names, createdAt, editedAt, changed, state: 'sent' }))
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

function remembered<K extends object, V>(known: WeakMap<K, V>, key: K, make: () => V): V {
  const value = known.get(key) ?? make()
  known.set(key, value)
  return value
}
