import { PAGE_DEFAULT_ITEMS } from '@belfry/protocol/limits.ts'
import type { CallServer } from './call-server.ts'
import type { Observable } from './observable.ts'
import { derived } from './observable.ts'
import type { MessageEntry } from './outbox-entry.ts'
import { isMessageCommand, roomLane } from './outbox-entry.ts'
import type { Outbox } from './outbox.ts'
import { loadPage } from './pages.ts'
import type { TimelineItem } from './timeline.ts'
import { timeline } from './timeline.ts'
import type { Topic } from './topic.ts'
import { isInside } from './windows.ts'

export interface RoomHandle {
  readonly id: string
  readonly view: Observable<RoomView>
  /** Stored in the outbox; returns the message's id at once. Throws when too many changes wait. */
  post(body: string): string
  edit(id: string, body: string): void
  remove(id: string): void
  /** A failed one is sent again: an edit upon the newest state, a post whose id was refused under a new one. */
  retry(id: string): void
  /** Gives a failed one up. */
  discard(id: string): void
  /** Resolves when the page is in the view; rejects when it could not be loaded. */
  loadEarlier(): Promise<void>
  /** Holds only the newest so many messages from now on; the others can be loaded again. */
  letGoOfEarlier(keep: number): void
}

export interface RoomView {
  is: 'loading' | 'ready' | 'gone'
  name: string
  /** Standing messages by n, then what waits in the outbox, in its order. Unchanged items keep their identity. */
  items: readonly TimelineItem[]
  /** Whether older ones exist beyond items[0]. */
  earlier: boolean
}

/** What a room works with. */
export interface RoomParts {
  topic: Topic
  outbox: Outbox
  call: CallServer
  newId(): string
  /** The person's own id, or '' while it is not known. */
  ownId(): string
}

export class Room implements RoomHandle {
  readonly id: string
  readonly #parts: RoomParts
  readonly #view = derived(() => this.#makeView())
  #isGone = false
  #loading: Promise<void> | null = null

  constructor(id: string, parts: RoomParts) {
    this.id = id
    this.#parts = parts
  }

  get view(): Observable<RoomView> {
    return this.#view
  }

  post(body: string): string {
    const id = this.#parts.newId()
    this.#parts.outbox.add({ name: 'message.post', input: { roomId: this.id, id, body } })
    return id
  }

  edit(id: string, body: string): void {
    const { outbox, topic } = this.#parts
    const last = this.#waiting(id).at(-1)
    if (last && last.name !== 'message.delete' && !outbox.isUnderWay(last)) return outbox.again(rewritten(last, body))
    const known = topic.rows('message').get(id)
    if (!last && known?.body === body) return
    const input = { roomId: this.id, id, body, changed: known?.changed ?? 0 }
    outbox.add({ name: 'message.edit', input }, topic.position?.epoch ?? null)
  }

  remove(id: string): void {
    const { outbox } = this.#parts
    const moot = this.#waiting(id).filter((entry) => !outbox.isUnderWay(entry))
    if (moot.length > 0) outbox.remove(moot)
    const isUnposted = moot.some(({ name }) => name === 'message.post')
    const isAsked = this.#waiting(id).some(({ name }) => name === 'message.delete')
    if (!isUnposted && !isAsked) outbox.add({ name: 'message.delete', input: { roomId: this.id, id } })
  }

  retry(id: string): void {
    for (const entry of this.#failed(id)) this.#parts.outbox.again(entry)
  }

  discard(id: string): void {
    this.#parts.outbox.remove(this.#failed(id))
  }

  loadEarlier(): Promise<void> {
    this.#loading ??= this.#loadEarlier().finally(() => (this.#loading = null))
    return this.#loading
  }

  letGoOfEarlier(keep: number): void {
    if (this.#parts.topic.letGoOfEarlier(keep)) this.update()
  }

  /** Its rows or its part of the outbox have changed. */
  update({ isGone }: { isGone: boolean } = { isGone: this.#isGone }): void {
    this.#isGone = isGone
    this.#view.invalidate()
  }

  async #loadEarlier(): Promise<void> {
    const { topic, call } = this.#parts
    await loadPage(topic, 'messages', async ({ before }) => {
      const input = { roomId: this.id, limit: PAGE_DEFAULT_ITEMS, ...(typeof before === 'number' && { before }) }
      const { items, next, epoch, seq } = await call('message.list', input)
      const oldest = Math.min(...items.map(({ n }) => n))
      return { epoch, seq, rows: { message: items }, reaches: next === null || items.length === 0 ? null : oldest }
    })
    this.update()
  }

  #makeView(): RoomView {
    const { topic, outbox, ownId } = this.#parts
    const messages = [...topic.rows('message').values()].filter(
      (row) => row.deletedAt === null && isInside(topic.windows, 'messages', row.n),
    )
    const entries = outbox.entries(roomLane(this.id)).filter(isMessageCommand)
    return {
      is: topic.position ? 'ready' : this.#isGone ? 'gone' : 'loading',
      name: topic.rows('room').get(this.id)?.name ?? '',
      items: timeline(messages, entries, ownId()),
      earlier: typeof topic.windows.messages === 'number',
    }
  }

  #waiting(id: string): MessageEntry[] {
    const entries = this.#parts.outbox.entries(roomLane(this.id)).filter(isMessageCommand)
    return entries.filter(({ input }) => input.id === id)
  }

  #failed(id: string): MessageEntry[] {
    return this.#waiting(id).filter(({ failure }) => failure !== null)
  }
}

function rewritten(entry: Exclude<MessageEntry, { name: 'message.delete' }>, body: string): MessageEntry {
  return { ...entry, input: { ...entry.input, body } } as MessageEntry
}
