import { PAGE_MAX_ITEMS } from '@belfry/protocol/limits.ts'
import type { Message } from '@belfry/protocol/rows.ts'
import type { CallServer } from './call-server.ts'
import { loadPage } from './pages.ts'
import type { TimelineItem } from './timeline.ts'
import type { Topic } from './topic.ts'

/** So many messages are held for those that answer them; those asked for longest ago are let go of. */
const APART_MAX = 1_000

interface QuotesParts {
  roomId: string
  topic: Topic
  call: CallServer
  changed(): void
}

/** The messages of a room that others answer: where they are not among those that are shown they are asked for by id, collected per turn. */
export class Quotes {
  readonly #parts: QuotesParts
  readonly #queue = new Set<string>()
  /** Not there, for this reader. */
  readonly #missing = new Set<string>()
  #isCollecting = false

  constructor(parts: QuotesParts) {
    this.#parts = parts
  }

  /** Those that these items answer, and the one that is being answered; as far as they are known: the others are fetched. */
  among(items: readonly TimelineItem[], answered: string | null): ReadonlyMap<string, Message | null> {
    const ids = new Set([...items.map(({ replyTo }) => replyTo), answered].flatMap((id) => id ?? []))
    this.#ask(ids)
    const found = [...ids].map((id) => [id, this.#find(id)] as const)
    return new Map(found.filter((one): one is readonly [string, Message | null] => one[1] !== undefined))
  }

  /** Undefined: not known yet. Null: it is not there. */
  #find(id: string): Message | null | undefined {
    return this.#parts.topic.rows('message').get(id) ?? (this.#missing.has(id) ? null : undefined)
  }

  #ask(ids: Iterable<string>): void {
    for (const id of ids) if (this.#find(id) === undefined) this.#queue.add(id)
    if (this.#isCollecting || this.#queue.size === 0) return
    this.#isCollecting = true
    queueMicrotask(() => void this.#fetch())
  }

  /** All that was held has been replaced: what is still shown is asked for again. */
  replaced(): void {
    this.#missing.clear()
  }

  async #fetch(): Promise<void> {
    const ids = [...this.#queue].slice(0, PAGE_MAX_ITEMS)
    for (const id of ids) this.#queue.delete(id)
    try {
      await this.#load(ids)
      // A page of long texts may hold fewer than were asked for: what is asked for alone and does not come is not there.
      const absent = ids.filter((id) => this.#find(id) === undefined)
      if (absent.length === ids.length) for (const id of absent) this.#missing.add(id)
    } catch {
      // What cannot be had now is asked for when the room is drawn again, not at once.
      this.#queue.clear()
      this.#isCollecting = false
      return
    }
    this.#isCollecting = false
    this.#parts.changed()
  }

  #load(ids: string[]): Promise<void> {
    const { roomId, topic, call } = this.#parts
    const byId = () => ({ is: 'rows' }) as const
    return loadPage(topic, byId, async () => {
      const { items, epoch, seq } = await call('message.list', { roomId, ids })
      topic.keepApart(
        items.map(({ id }) => id),
        APART_MAX,
      )
      return { epoch, seq, rows: { message: items } }
    })
  }
}
