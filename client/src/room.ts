import type { Member, Message, Place } from '@belfry/protocol/rows.ts'
import type { Result } from '@belfry/protocol/commands.ts'
import type { CallServer } from './call-server.ts'
import type { TopicNews } from './follow.ts'
import type { Found } from './history.ts'
import { History } from './history.ts'
import { Marker } from './marker.ts'
import type { Derived, Observable } from './observable.ts'
import { derived } from './observable.ts'
import type { MessageEntry } from './outbox-entry.ts'
import { isMessageCommand, rewritten, roomLane } from './outbox-entry.ts'
import type { Outbox } from './outbox.ts'
import type { WireRows } from './parts.ts'
import { conversationOf, lastChange, type ListedRoom } from './listed-room.ts'
import { Quotes } from './quotes.ts'
import type { Arrangement, RoomChanges, RoomHandle, RoomView, Version } from './room-handle.ts'
import type { ReactionsByMessage, TimelineItem } from './timeline.ts'
import { refusedApart, timeline } from './timeline.ts'
import type { Topic } from './topic.ts'
import { doneTyping, type Typing } from './typing.ts'
import type { Unread } from './unread.ts'

/** What a room works with. */
export interface RoomParts {
  topic: Topic
  typing: Typing
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
  /** The place in one's own topic, as an answer has it. */
  arranged(place: Place): void
  /** The newest known state of the place. */
  seenPlace(): Place | null
}

export class Room implements RoomHandle {
  readonly id: string
  readonly marker: Marker
  readonly view: Derived<RoomView> = derived(() => this.#makeView())
  readonly #parts: RoomParts
  readonly #history: History
  readonly #quotes: Quotes
  #isGone = false
  /** The message that is being answered. */
  #answered: string | null = null

  constructor(id: string, parts: RoomParts) {
    this.id = id
    this.#parts = parts
    const { topic, call, heldMax } = parts
    this.marker = new Marker(id, parts)
    const [isObserved, changed] = [() => this.isObserved, () => this.invalidate()]
    this.#quotes = new Quotes({ roomId: id, topic, call, changed })
    this.#history = new History({ roomId: id, topic, call, heldMax, isObserved, changed })
  }

  get typing(): Observable<readonly string[]> {
    return this.#parts.typing.who
  }

  types(): void {
    this.#parts.typing.types()
  }

  /** Whether somebody looks at it. */
  get isObserved(): boolean {
    return this.view.isObserved
  }

  post(body: string, { replyTo, id = this.#parts.newId() }: { replyTo?: string; id?: string } = {}): string {
    this.#parts.outbox.add({ name: 'message.post', input: { roomId: this.id, id, body, ...(replyTo !== undefined && { replyTo }) } })
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

  async react(id: string, emoji: string): Promise<void> {
    const { duplicate: _, ...reaction } = await this.#parts.call('reaction.add', { roomId: this.id, id, emoji })
    this.#parts.answered({ reaction: [reaction] })
    this.invalidate()
  }

  async unreact(id: string, emoji: string): Promise<void> {
    this.#parts.answered({ reaction: [await this.#parts.call('reaction.remove', { roomId: this.id, id, emoji })] })
    this.invalidate()
  }

  async versions(id: string): Promise<readonly Version[]> {
    return (await this.#parts.call('message.versions', { roomId: this.id, id })).items
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

  members(asked: { cursor?: string; query?: string; limit?: number } = {}): Promise<Result<'member.list'>> {
    return this.#parts.call('member.list', { roomId: this.id, ...asked })
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

  async arrange(place: Arrangement): Promise<void> {
    this.#parts.arranged(await this.#parts.call('place.update', { roomId: this.id, ...place }))
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

  answers(id: string | null): void {
    this.#answered = id
    this.invalidate()
  }

  readTo(n: number): void {
    const unread = this.#parts.unread()
    if (!unread) return
    // What rang there may be unread where the marker stands already, also where nothing of it is to be seen any more.
    const rings = (this.#parts.listed()?.mentions ?? 0) > 0
    this.marker.moveOn(rings ? Math.max(n, unread.readTo) : n, rings ? 0 : unread.readTo)
  }

  unreadFrom(n: number): void {
    this.marker.moveBack(n - 1)
  }

  reads(n: number | null): void {
    this.#history.reads(n)
  }

  /** Its topic has news. */
  took(news: TopicNews): void {
    this.#isGone = news.is === 'dropped'
    if (news.is === 'dropped' || news.by === 'snapshot') this.#quotes.replaced()
    if (news.is === 'dropped') this.#history.dropped()
    else this.#history.took(news.by)
    if (news.is === 'dropped') this.#parts.typing.lost()
    else this.#parts.typing.wrote(doneTyping(news))
    this.invalidate()
  }

  /** It is followed no longer, and holds nothing. */
  closed(): void {
    this.#history.dropped()
    this.invalidate()
  }

  lost(): void {
    this.#parts.typing.lost()
  }

  tookTyping(userId: string): void {
    this.#parts.typing.took(userId)
  }

  /** The connection is there again. */
  welcomed(): void {
    this.#history.welcomed()
    this.marker.sayNow()
  }

  /** Its rows, its part of the outbox or what the list of rooms says of it have changed. */
  invalidate(): void {
    this.view.invalidate()
  }

  #makeView(): RoomView {
    const { topic, listed } = this.#parts
    const [own, unread] = [listed(), this.#parts.unread()]
    const row = topic.rows('room').get(this.id) ?? own
    const { people, isPair } = own ?? conversationOf(row?.kind, topic.rows('member').values())
    const { messages, latest, from, earlier, reactions } = this.#history.look()
    const newest = this.#itemsOf(latest, { isNewest: true, reactions })
    const later = messages !== latest
    const items = later ? this.#itemsOf(messages, { isNewest: false, reactions }) : newest
    return {
      is: topic.position ? 'ready' : this.#isGone ? 'gone' : 'loading',
      name: row?.name ?? '',
      people,
      isPair,
      kind: row?.kind ?? null,
      isMember: own && own.role !== null,
      role: own?.role ?? null,
      description: row?.description ?? '',
      posting: row?.posting ?? 'members',
      history: row?.history ?? 'whole',
      notify: own?.notify ?? 'mentions',
      isFavourite: (own?.favouriteAt ?? null) !== null,
      membersChanged: lastChange(topic.rows('member').values()),
      // To whoever is in an open room all is told.
      seesAfter: row?.kind === 'open' ? 0 : (own?.seesAfter ?? 0),
      readTo: unread?.readTo ?? null,
      unread: unread?.count ?? 0,
      mentions: own?.mentions ?? 0,
      archivedAt: row?.archivedAt ?? null,
      items,
      latest: newest,
      refused: refusedApart(this.#entries(), [...messages, ...latest]),
      quoted: this.#quotes.among(items, this.#answered),
      from,
      earlier,
      later,
      jumps: this.#history.jumps,
    }
  }

  /** What waits to be posted stands below the newest alone. */
  #itemsOf(messages: readonly Message[], about: { isNewest: boolean; reactions: ReactionsByMessage }): readonly TimelineItem[] {
    const items = timeline(messages, { entries: this.#entries(), reactions: about.reactions, authorId: this.#parts.ownId() })
    return about.isNewest ? items : items.filter(({ n }) => n !== null)
  }

  #entries(): MessageEntry[] {
    return this.#parts.outbox.entries(roomLane(this.id)).filter(isMessageCommand)
  }

  #waiting(id: string): MessageEntry[] {
    return this.#entries().filter(({ input }) => input.id === id)
  }

  #failed(id: string): MessageEntry[] {
    return this.#waiting(id).filter(({ failure }) => failure !== null)
  }
}
