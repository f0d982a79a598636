import type { Member, Message, Room as RoomRow } from '@belfry/protocol/rows.ts'
import type { Input, Result } from '@belfry/protocol/commands.ts'
import type { CallServer } from './call-server.ts'
import type { TopicNews } from './follow.ts'
import type { Found } from './history.ts'
import { History } from './history.ts'
import { Marker } from './marker.ts'
import type { Observable } from './observable.ts'
import { derived } from './observable.ts'
import type { MessageEntry } from './outbox-entry.ts'
import { isMessageCommand, rewritten, roomLane } from './outbox-entry.ts'
import type { Outbox } from './outbox.ts'
import type { WireRows } from './parts.ts'
import type { ListedRoom } from './listed-room.ts'
import type { TimelineItem } from './timeline.ts'
import { timeline } from './timeline.ts'
import type { Topic } from './topic.ts'
import type { Unread } from './unread.ts'

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
  /** Become a member of an open room. This and what follows, up to `removeMember`, rejects with `RefusalError` or `ConnectionLost`. */
  join(): Promise<void>
  leave(): Promise<void>
  update(changes: RoomChanges): Promise<void>
  /** A page of its members; `cursor`: the `next` of the page before. */
  members(cursor?: string): Promise<Result<'member.list'>>
  addMember(userId: string): Promise<Member>
  setRole(userId: string, role: Member['role']): Promise<Member>
  removeMember(userId: string): Promise<Member>
  /** Resolves when the page is in the view; rejects when it could not be loaded. */
  loadEarlier(): Promise<void>
  /** The same for what follows the last message shown, where that is not the newest. */
  loadLater(): Promise<void>
  /** Shows the messages around this one; waits for the connection. Rejects with `RefusalError`: `not-found` when there is no such message. */
  showAround(messageId: string): Promise<Found>
  /** The same for what stands at a number. Rejects when it could not be loaded. */
  showNumber(n: number): Promise<void>
  showLatest(): void
  /** Moves the read marker on to this number, on all devices; said again when the connection loses it. */
  readTo(n: number): void
  /** Makes this message, and what follows it, unread again. */
  unreadFrom(n: number): void
  /** Says which message (its number) the reader has before them; null: the newest. What is far from there is let go of, and can be loaded again. */
  reads(n: number | null): void
}

/** What of a room is to be another now. */
export type RoomChanges = Omit<Input<'room.update'>, 'roomId'>

export interface RoomView {
  is: 'loading' | 'ready' | 'gone'
  name: string
  /** `open`, `closed`, `direct`; null until it is known. */
  kind: string | null
  /** Null until it is known. */
  isMember: boolean | null
  /** One's own; null: no member, or not known. */
  role: Member['role'] | null
  description: string
  posting: RoomRow['posting']
  /** Up to which number it is read; null: no member, or not known. */
  readTo: number | null
  /** Standing messages of others behind that; 100 are 100 or more. */
  unread: number
  archivedAt: number | null
  /** Standing messages by n, and below the newest what waits in the outbox, in its order. Unchanged items keep their identity. */
  items: readonly TimelineItem[]
  /** The newest of all, with what waits: the same array, unless an earlier part of the history is shown. */
  latest: readonly TimelineItem[]
  /** Whether older ones exist beyond items[0]. */
  earlier: boolean
  /** Whether newer ones exist beyond the last of the items. */
  later: boolean
  /** Another number after each jump: then what is shown has nothing to do with what was shown before. */
  jumps: number
}

/** What a room works with. */
export interface RoomParts {
  topic: Topic
  outbox: Outbox
  call: CallServer
  /** How many messages it holds at most. */
  heldMax: number
  newId(): string
  after(ms: number, run: () => void): void
  /** The person's own id, or '' while it is not known. */
  ownId(): string
  /** The room as the list of rooms has it. */
  listed(): ListedRoom | null
  unread(): Unread | null
  /** Rows that came in an answer, beside the stream. */
  answered(rows: WireRows): void
}

export class Room implements RoomHandle {
  readonly id: string
  readonly #parts: RoomParts
  readonly #view = derived(() => this.#makeView())
  readonly #history: History
  readonly #marker: Marker
  #isGone = false

  constructor(id: string, parts: RoomParts) {
    this.id = id
    this.#parts = parts
    const { topic, call, heldMax } = parts
    this.#marker = new Marker(id, parts)
    const [isObserved, changed] = [() => this.isObserved, () => this.invalidate()]
    this.#history = new History({ roomId: id, topic, call, heldMax, isObserved, changed })
  }

  get view(): Observable<RoomView> {
    return this.#view
  }

  /** Whether somebody looks at it. */
  get isObserved(): boolean {
    return this.#view.isObserved
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

  async join(): Promise<void> {
    const { duplicate: _, ...member } = await this.#parts.call('room.join', { roomId: this.id })
    this.#parts.answered({ member: [member] })
  }

  async leave(): Promise<void> {
    this.#parts.answered({ member: [await this.#parts.call('room.leave', { roomId: this.id })] })
  }

  async update(changes: RoomChanges): Promise<void> {
    this.#parts.answered({ room: [await this.#parts.call('room.update', { roomId: this.id, ...changes })] })
  }

  members(cursor?: string): Promise<Result<'member.list'>> {
    return this.#parts.call('member.list', { roomId: this.id, ...(cursor !== undefined && { cursor }) })
  }

  async addMember(userId: string): Promise<Member> {
    const { duplicate: _, ...member } = await this.#parts.call('member.add', { roomId: this.id, id: userId })
    this.#parts.answered({ member: [member] })
    return member
  }

  async setRole(userId: string, role: Member['role']): Promise<Member> {
    const member = await this.#parts.call('member.update', { roomId: this.id, id: userId, role })
    this.#parts.answered({ member: [member] })
    return member
  }

  async removeMember(userId: string): Promise<Member> {
    const member = await this.#parts.call('member.remove', { roomId: this.id, id: userId })
    this.#parts.answered({ member: [member] })
    return member
  }

  loadEarlier(): Promise<void> {
    return this.#history.load('earlier')
  }

  loadLater(): Promise<void> {
    return this.#history.load('later')
  }

  showAround(messageId: string): Promise<Found> {
    return this.#history.showAround(messageId)
  }

  showNumber(n: number): Promise<void> {
    return this.#history.showNumber(n)
  }

  showLatest(): void {
    this.#history.showLatest()
  }

  readTo(n: number): void {
    const unread = this.#parts.unread()
    if (unread) this.#marker.moveOn(n, unread.readTo)
  }

  unreadFrom(n: number): void {
    this.#marker.moveBack(n - 1)
  }

  reads(n: number | null): void {
    this.#history.reads(n)
  }

  /** Its topic has news. */
  took(news: TopicNews): void {
    this.#isGone = news.is === 'dropped'
    if (news.is === 'dropped') this.#history.dropped()
    else this.#history.took(news.by)
    this.invalidate()
  }

  /** It is followed no longer, and holds nothing. */
  closed(): void {
    this.#history.dropped()
    this.invalidate()
  }

  /** The connection is there again. */
  welcomed(): void {
    this.#history.welcomed()
    this.#marker.welcomed()
  }

  /** Its rows, its part of the outbox or what the list of rooms says of it have changed. */
  invalidate(): void {
    this.#view.invalidate()
  }

  #makeView(): RoomView {
    const { topic, listed } = this.#parts
    const [own, unread] = [listed(), this.#parts.unread()]
    const row = topic.rows('room').get(this.id) ?? own
    const { messages, latest, earlier } = this.#history.look()
    const newest = this.#itemsOf(latest, { isNewest: true })
    const later = messages !== latest
    return {
      is: topic.position ? 'ready' : this.#isGone ? 'gone' : 'loading',
      name: row?.name ?? '',
      kind: row?.kind ?? null,
      isMember: own && own.role !== null,
      role: own?.role ?? null,
      description: row?.description ?? '',
      posting: row?.posting ?? 'members',
      readTo: unread?.readTo ?? null,
      unread: unread?.count ?? 0,
      archivedAt: row?.archivedAt ?? null,
      items: later ? this.#itemsOf(messages, { isNewest: false }) : newest,
      latest: newest,
      earlier,
      later,
      jumps: this.#history.jumps,
    }
  }

  /** What waits to be posted stands below the newest alone. */
  #itemsOf(messages: readonly Message[], { isNewest }: { isNewest: boolean }): readonly TimelineItem[] {
    const { outbox, ownId } = this.#parts
    const entries = outbox.entries(roomLane(this.id)).filter(isMessageCommand)
    const items = timeline(messages, entries, ownId())
    return isNewest ? items : items.filter(({ n }) => n !== null)
  }

  #waiting(id: string): MessageEntry[] {
    const entries = this.#parts.outbox.entries(roomLane(this.id)).filter(isMessageCommand)
    return entries.filter(({ input }) => input.id === id)
  }

  #failed(id: string): MessageEntry[] {
    return this.#waiting(id).filter(({ failure }) => failure !== null)
  }
}
