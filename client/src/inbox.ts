import { PAGE_DEFAULT_ITEMS } from '@belfry/protocol/limits.ts'
import type { Notification } from '@belfry/protocol/rows.ts'
import type { CallServer } from './call-server.ts'
import { ConnectionLost } from './errors.ts'
import type { TopicNews } from './follow.ts'
import { isSameMark, marked, markedCounts } from './marks.ts'
import type { Observable } from './observable.ts'
import { derived } from './observable.ts'
import type { InboxEntry, OutboxEntry } from './outbox-entry.ts'
import { INBOX_LANE, isMessageCommand } from './outbox-entry.ts'
import type { Outbox } from './outbox.ts'
import { loadPage } from './pages.ts'
import type { Topic } from './topic.ts'
import type { InboxFilter } from './windows.ts'
import { INBOX_FILTERS, isInList, isInside } from './windows.ts'

export interface Inbox {
  readonly view: Observable<InboxView>
  /** Those that arrived, live or while one was away, unread and never held before, and that may disturb. Returns how to stop listening. */
  onRing(listener: (notifications: Notification[]) => void): () => void
  list(filter: InboxFilter): Observable<InboxList>
  /** Through the outbox, shown at once. */
  mark(id: string, to: { read?: boolean; archived?: boolean }): void
  remove(id: string): void
  /** Marks what this screen has been told of, not what arrives meanwhile [N3]. */
  markAllRead(): void
  markAllSeen(): void
  loadMore(filter: InboxFilter): Promise<void>
}

export interface InboxView {
  is: 'loading' | 'ready'
  counts: { unread: number; unseen: number }
}

/** Newest first. `loaded`: whether anything of this list has been loaded at all. */
export interface InboxList {
  items: readonly Notification[]
  more: boolean
  loaded: boolean
}

export class OwnInbox implements Inbox {
  readonly #outbox: Outbox
  readonly #call: CallServer
  readonly #isQuiet: () => boolean
  readonly #view = derived(() => this.#makeView())
  readonly #lists = {
    unread: derived(() => this.#makeList('unread')),
    all: derived(() => this.#makeList('all')),
    archived: derived(() => this.#makeList('archived')),
  }
  readonly #listeners = new Set<(notifications: Notification[]) => void>()
  readonly #loading = new Map<InboxFilter, Promise<void>>()
  #topic: Topic | null = null
  /** Answered marks whose rows the stream has yet to bring: they are laid over until it has. */
  #answered: { entry: InboxEntry; seq: number }[] = []
  #shown = new Map<string, Notification>()

  constructor(outbox: Outbox, call: CallServer, isQuiet: () => boolean) {
    this.#outbox = outbox
    this.#call = call
    this.#isQuiet = isQuiet
  }

  get view(): Observable<InboxView> {
    return this.#view
  }

  onRing(listener: (notifications: Notification[]) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  list(filter: InboxFilter): Observable<InboxList> {
    return this.#lists[filter]
  }

  mark(id: string, to: { read?: boolean; archived?: boolean }): void {
    this.#outbox.add({ name: 'notification.mark', input: { id, ...to } })
  }

  remove(id: string): void {
    this.#outbox.add({ name: 'notification.delete', input: { id } })
  }

  markAllRead(): void {
    this.#markAll({ read: true })
  }

  markAllSeen(): void {
    // Nobody asked for it: where too many marks wait, the next look does it.
    if (this.#view.get().counts.unseen > 0 && !this.#outbox.isFull(INBOX_LANE)) this.#markAll({ seen: true })
  }

  loadMore(filter: InboxFilter): Promise<void> {
    const loading = this.#loading.get(filter) ?? this.#loadMore(filter).finally(() => this.#loading.delete(filter))
    this.#loading.set(filter, loading)
    return loading
  }

  /** The account is known, and with it whose inbox this is. */
  attach(topic: Topic): void {
    this.#topic = topic
  }

  /** The topic has news. */
  took(news: TopicNews): void {
    const seq = this.#topic?.position?.seq ?? 0
    if (news.is === 'dropped' || news.by === 'snapshot') this.#answered = []
    else this.#answered = this.#answered.filter((answered) => answered.seq > seq)
    this.update()
    if (news.is === 'applied' && news.by === 'change')
      this.#ring(news.fresh.filter(({ kind }) => kind === 'notification').map(({ row }) => row as Notification))
  }

  /** The newest known state of a notification, where it is of this epoch: the `changed` of its row. */
  seen(id: string, epoch: string): number | null {
    const topic = this.#topic
    return topic?.position?.epoch === epoch ? (topic.rows('notification').get(id)?.changed ?? null) : null
  }

  /** A mark was carried out at this seq of the inbox. */
  answered(entry: InboxEntry, seq: number): void {
    if (seq > (this.#topic?.position?.seq ?? 0)) this.#answered = [...this.#answered, { entry, seq }]
  }

  update(): void {
    this.#shown = this.#mark()
    this.#view.invalidate()
    for (const filter of INBOX_FILTERS) this.#lists[filter].invalidate()
  }

  #markAll(set: { read?: true; seen?: true }): void {
    const position = this.#topic?.position
    if (!position) return
    this.#outbox.add({ name: 'notification.mark-all', input: { epoch: position.epoch, upTo: position.seq, set } }, position.epoch)
  }

  async #loadMore(filter: InboxFilter): Promise<void> {
    const topic = this.#topic
    if (!topic) throw new ConnectionLost('Nothing has been loaded yet.')
    const more = () => nextOf(filter, topic.windows[filter])
    await loadPage(topic, more, async ({ before }) => {
      const input = { filter, limit: PAGE_DEFAULT_ITEMS, ...(before !== undefined && { cursor: before }) }
      const { items, next, counts, epoch, seq } = await this.#call('notification.list', input)
      const oldest = next === null ? null : (items.map(({ id }) => id).toSorted()[0] ?? null)
      return { epoch, seq, rows: { notification: items, counts: [counts] }, oldest }
    })
    this.update()
  }

  /** What was told of on another screen and read there does not ring; nor does one that was made unread again, nor, while one is not to be disturbed, any but the urgent. */
  #ring(fresh: Notification[]): void {
    const ringing = fresh.filter((row) => row.seenAt === null && isInList('unread', row) && (row.priority === 'urgent' || !this.#isQuiet()))
    if (ringing.length === 0) return
    for (const listener of [...this.#listeners]) listener(ringing)
  }

  #entries(): InboxEntry[] {
    return [...this.#answered.map(({ entry }) => entry), ...this.#outbox.entries(INBOX_LANE).filter(isInboxEntry)]
  }

  /** All rows with the marks laid over; what looks as before keeps its identity. */
  #mark(): Map<string, Notification> {
    const entries = this.#entries()
    const shown = new Map<string, Notification>()
    for (const row of this.#topic?.rows('notification').values() ?? []) {
      const next = marked(row, entries)
      const before = this.#shown.get(row.id)
      shown.set(row.id, before && isSameMark(before, next) ? before : next)
    }
    return shown
  }

  #makeView(): InboxView {
    const topic = this.#topic
    if (!topic?.position) return { is: 'loading', counts: { unread: 0, unseen: 0 } }
    const counts = topic.rows('counts').get('inbox')
    return { is: 'ready', counts: markedCounts(counts, topic.rows('notification').values(), this.#entries()) }
  }

  #makeList(filter: InboxFilter): InboxList {
    const windows = this.#topic?.windows ?? {}
    const items = [...this.#shown.values()].filter((row) => isInList(filter, row) && isInside(windows, filter, row.id))
    items.sort((a, b) => (a.id < b.id ? 1 : -1))
    return { items, more: typeof windows[filter] === 'string', loaded: windows[filter] !== undefined }
  }
}

function nextOf(filter: InboxFilter, before: string | null | undefined) {
  return before === null ? null : ({ is: 'list', filter, before } as const)
}

function isInboxEntry(entry: OutboxEntry): entry is InboxEntry {
  return !isMessageCommand(entry)
}
