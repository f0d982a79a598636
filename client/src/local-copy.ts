import type { CommandName } from '@belfry/protocol/commands.ts'
import { roomTopic, userTopic, WORKSPACE_TOPIC } from '@belfry/protocol/topics.ts'
import type { CallServer } from './call-server.ts'
import type { Following, TopicNews } from './follow.ts'
import type { Kept } from './kept.ts'
import type { ListedRoom } from './listed-room.ts'
import type { TopicCopy } from './topic-copy.ts'
import { copyOf, listedIn, topicCopies } from './topic-copy.ts'
import type { World } from './world.ts'

/** Changes are gathered for so long before they are kept. */
export const KEEP_AFTER_MS = 1_000
/** So long the first hello waits for what was kept; without it, it asks for snapshots. */
export const RESTORE_WITHIN_MS = 1_000
/** So many rooms are kept, those opened last. */
export const KEPT_ROOMS_MAX = 20

/** The topics that are followed, as this device keeps them: given back to the next page, written behind the stream. */
export class LocalCopy {
  readonly #world: World
  readonly #following: Following
  readonly #foundRooms: (rooms: ListedRoom[]) => void
  readonly #openedAt = new Map<string, number>()
  readonly #changed = new Set<string>()
  readonly #stopListening: () => void
  #kept: Kept | null = null
  #account = ''
  /** What waits for the copies to be read; null: nothing has to any more. */
  #waiting: (() => void)[] | null = null
  #stopTimer: (() => void) | null = null
  #isWriting = false

  constructor(world: World, following: Following, foundRooms: (rooms: ListedRoom[]) => void) {
    this.#world = world
    this.#following = following
    this.#foundRooms = foundRooms
    this.#stopListening = world.onHide(() => void this.#write())
  }

  /** Reads what an earlier page has kept, and keeps copies from now on. */
  keepIn(kept: Kept, account: string): void {
    this.#kept = kept
    this.#account = account
    this.#waiting = []
    const stopTimer = this.#world.after(RESTORE_WITHIN_MS, () => this.#goOn())
    void this.#read(kept).finally(() => {
      stopTimer()
      this.#goOn()
    })
  }

  /** Runs it once the positions of the copies can be named, or will not be waited for any more. */
  whenRead(run: () => void): void {
    if (this.#waiting) this.#waiting.push(run)
    else run()
  }

  opened(topic: string): void {
    this.#openedAt.set(topic, this.#world.now())
  }

  /** A room is about to be let go of: it can be opened again from its copy, also without the server. */
  closing(topic: string): void {
    const { unclaimed } = this.#following
    const copy = this.#copyOf(topic)
    if (copy) unclaimed.set(topic, copy)
    for (const name of this.#unclaimedRooms()) if (!this.#isKept(name)) unclaimed.delete(name)
  }

  /** A topic has news; what one may not see any more is not kept any more. */
  took(topic: string, news: TopicNews): void {
    if (news.is === 'applied') return this.#mark(topic)
    this.#changed.delete(topic)
    this.#remove([topic])
  }

  /** A page has come beside the stream. */
  paged(command: CommandName, input: object): void {
    if (command === 'message.list' && 'roomId' in input) this.#mark(roomTopic(String(input.roomId)))
    if (command === 'notification.list') this.#mark(userTopic(this.#account))
    if (command === 'user.list') this.#mark(WORKSPACE_TOPIC)
  }

  /** What was kept of rooms that one may not see any more, and does not ask for, is found out in one question. */
  async welcomed(call: CallServer): Promise<void> {
    if (this.#unclaimedRooms().length === 0) return
    const { items } = await call('room.list', {})
    const visible = new Set<string>(items.map(({ id }) => roomTopic(id)))
    const hidden = this.#unclaimedRooms().filter((topic) => !visible.has(topic))
    for (const topic of hidden) this.#following.unclaimed.delete(topic)
    this.#remove(hidden)
  }

  /** No more copies are kept. */
  close(): void {
    this.#stop()?.close()
  }

  /** Deletes all that is kept of the account. */
  async forget(): Promise<void> {
    await this.#stop()?.forget()
  }

  #stop(): Kept | null {
    const kept = this.#kept
    this.#kept = null
    this.#stopListening()
    this.#stopTimer?.()
    this.#stopTimer = null
    this.#waiting = null
    return kept
  }

  async #read(kept: Kept): Promise<void> {
    const values = await kept.topics().catch(() => null)
    if (this.#kept !== kept) return
    if (values) this.#found(topicCopies(values))
    // What cannot be read is replaced by what the server tells.
    else await kept.removeTopics('all').catch(() => undefined)
  }

  #found(copies: readonly TopicCopy[]): void {
    for (const { topic, openedAt } of copies) if (!this.#openedAt.has(topic)) this.#openedAt.set(topic, openedAt)
    const tooMany = copies.filter(({ topic }) => !this.#isKept(topic)).map(({ topic }) => topic)
    this.#remove(tooMany)
    const kept = copies.filter(({ topic }) => !tooMany.includes(topic))
    this.#following.putBack(kept)
    this.#foundRooms(kept.flatMap((copy) => listedIn(copy, this.#account) ?? []))
  }

  #mark(topic: string): void {
    if (!this.#kept) return
    this.#changed.add(topic)
    this.#stopTimer ??= this.#world.after(KEEP_AFTER_MS, () => void this.#write())
  }

  #goOn(): void {
    const waiting = this.#waiting ?? []
    this.#waiting = null
    for (const run of waiting) run()
  }

  /** One write at a time. When there is no room for it, the older copies stay, and are good. */
  async #write(): Promise<void> {
    this.#stopTimer?.()
    this.#stopTimer = null
    if (!this.#kept || this.#isWriting) return
    this.#isWriting = true
    try {
      await this.#kept.putTopics(this.#takeChanged())
    } catch {
      this.#changed.clear()
    }
    this.#isWriting = false
    for (const topic of this.#changed) this.#mark(topic)
  }

  #takeChanged(): TopicCopy[] {
    const names = [...this.#changed]
    this.#changed.clear()
    return names.flatMap((topic) => this.#copyOf(topic) ?? this.#following.unclaimed.get(topic) ?? [])
  }

  #copyOf(topic: string): TopicCopy | null {
    const held = this.#following.held(topic)
    const authors = topic === WORKSPACE_TOPIC ? this.#authors() : new Set<string>()
    return held && copyOf(topic, held, { openedAt: this.#openedAt.get(topic) ?? 0, authors })
  }

  /** Who wrote what is kept. */
  #authors(): Set<string> {
    const held = [...this.#openedAt.keys()].flatMap((topic) => [...(this.#following.held(topic)?.rows('message').values() ?? [])])
    const unclaimed = [...this.#following.unclaimed.values()].flatMap(({ rows }) => rows.message ?? [])
    return new Set([...held, ...unclaimed].map(({ authorId }) => authorId))
  }

  #isKept(topic: string): boolean {
    if (!isRoom(topic)) return true
    const rooms = [...this.#openedAt].filter(([name]) => isRoom(name)).toSorted(([, a], [, b]) => b - a)
    return rooms.slice(0, KEPT_ROOMS_MAX).some(([name]) => name === topic)
  }

  #unclaimedRooms(): string[] {
    return [...this.#following.unclaimed.keys()].filter(isRoom)
  }

  #remove(topics: readonly string[]): void {
    // What cannot be removed here is put back and dropped again by the next page.
    if (topics.length > 0) this.#kept?.removeTopics(topics).catch(() => undefined)
  }
}

function isRoom(topic: string): boolean {
  return topic.startsWith('room:')
}
