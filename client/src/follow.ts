import type { DownFrame } from '@belfry/protocol/down.ts'
import { TOPICS_PER_CONNECTION_MAX } from '@belfry/protocol/limits.ts'
import { REFUSALS } from '@belfry/protocol/refusals.ts'
import { roomTopic } from '@belfry/protocol/topics.ts'
import type { Position } from '@belfry/protocol/up.ts'
import { backoffMs } from './backoff.ts'
import type { Connection } from './connection.ts'
import { ConnectionLost, RefusalError } from './errors.ts'
import type { TopicCopy } from './topic-copy.ts'
import type { Taken } from './topic.ts'
import { Topic } from './topic.ts'
import type { World } from './world.ts'

/** How a topic is asked for again that was refused or does not fit. */
export const ASK_AGAIN = { firstMs: 2_000, mostMs: 60_000 }

export type TopicNews = Extract<Taken, { is: 'applied' }> | { is: 'dropped' }

interface Followed {
  name: string
  topic: Topic
  /** Named in `hello` or a `follow`, and not live yet. */
  isAsked: boolean
  /** It was put back from an earlier page, and has not caught up since. */
  isOld: boolean
  tries: number
  stopTimer: (() => void) | null
}

/** Everything that is followed, across connections. */
export class Following {
  /** Copies of topics that nobody has followed yet, by name. */
  readonly unclaimed = new Map<string, TopicCopy>()
  #followed = new Map<string, Followed>()
  readonly #world: World
  readonly #connection: Connection
  readonly #tell: (name: string, news: TopicNews) => void

  constructor(world: World, connection: Connection, tell: (name: string, news: TopicNews) => void) {
    this.#world = world
    this.#connection = connection
    this.#tell = tell
  }

  /** Follows it from now on; the same object for the same name. */
  follow(name: string): Topic {
    const followed = this.#entry(name)
    if (this.#connection.isOnline) this.#ask(followed)
    return followed.topic
  }

  /** Lets go of it, and of all that is held of it. */
  unfollow(name: string): void {
    const followed = this.#followed.get(name)
    if (!followed) return
    this.#followed.delete(name)
    stopTimer(followed)
    followed.topic.clear()
    this.#connection.unfollow(name)
  }

  /** One may follow it now: what waits to be asked again is asked at once [F7]. */
  askNow(name: string): void {
    const followed = this.#followed.get(name)
    if (!followed?.stopTimer) return
    stopTimer(followed)
    followed.tries = 0
    this.#ask(followed)
  }

  /** What is held of it, if it is followed. */
  held(name: string): Topic | null {
    return this.#followed.get(name)?.topic ?? null
  }

  /** The newest known state of a message, and the epoch that its `changed` belongs to. */
  newestMessage(roomId: string, id: string): { changed: number; epoch: string } | null {
    const topic = this.held(roomTopic(roomId))
    const row = topic?.rows('message').get(id)
    return row && topic?.position ? { changed: row.changed, epoch: topic.position.epoch } : null
  }

  /** What an earlier page has kept; of what is held already it says nothing new. */
  putBack(copies: readonly TopicCopy[]): void {
    for (const copy of copies) this.unclaimed.set(copy.topic, copy)
    for (const followed of this.#followed.values()) {
      const taken = this.#claim(followed)
      if (taken) this.#tell(followed.name, taken)
    }
  }

  /** Where `hello` resumes everything, in one round trip. */
  positions(): Position[] {
    const named = [...this.#followed.values()].slice(0, TOPICS_PER_CONNECTION_MAX)
    return named.map(({ name, topic: { position } }) => (position ? [name, position.epoch, position.seq] : [name]))
  }

  /** The server follows this one unasked. */
  expect(name: string): void {
    this.#entry(name).isAsked = true
  }

  /** `named`: what the hello that is answered here asked for already. */
  welcomed(named: readonly Position[]): void {
    const names = new Set(named.map(([name]) => name))
    for (const followed of this.#followed.values()) followed.isAsked ||= names.has(followed.name)
    for (const followed of this.#followed.values()) this.#ask(followed)
  }

  lost(): void {
    for (const followed of this.#followed.values()) {
      followed.isAsked = false
      followed.topic.interrupt()
      stopTimer(followed)
    }
  }

  take(frame: DownFrame): void {
    if (!('topic' in frame)) return
    const followed = this.#followed.get(frame.topic)
    if (!followed) return
    if (frame.t === 'unfollowed') return this.#drop(followed)
    if (frame.t === 'live') return this.#live(followed, frame)
    if (frame.t !== 'snapshot' && frame.t !== 'change') return
    const taken = followed.topic.take(frame)
    if (taken.is === 'applied') this.#tell(followed.name, followed.isOld ? { ...taken, fresh: [] } : taken)
    if (taken.is === 'gap') this.#ask(followed)
  }

  #entry(name: string): Followed {
    const known = this.#followed.get(name)
    if (known) return known
    const followed = { name, topic: new Topic(), isAsked: false, isOld: false, tries: 0, stopTimer: null }
    this.#followed.set(name, followed)
    const taken = this.#claim(followed)
    // Whoever follows may be in the middle of drawing a page: others learn of it afterwards.
    if (taken) queueMicrotask(() => this.#followed.get(name) === followed && this.#tell(name, taken))
    return followed
  }

  /** What is to be told of it; null: there was no copy. */
  #claim(followed: Followed): TopicNews | null {
    const copy = this.unclaimed.get(followed.name)
    this.unclaimed.delete(followed.name)
    if (!copy || followed.topic.position) return null
    const taken = followed.topic.take({ t: 'snapshot', ...copy })
    followed.isOld = true
    return taken.is === 'applied' ? taken : null
  }

  #ask(followed: Followed): void {
    if (followed.isAsked || followed.stopTimer) return
    followed.isAsked = true
    this.#connection.follow(followed.name, followed.topic.position).catch((error: unknown) => {
      // A lost connection needs no answer here: the next hello names everything.
      if (!(error instanceof ConnectionLost)) this.#refused(followed, error)
    })
  }

  #refused(followed: Followed, error: unknown): void {
    if (error instanceof RefusalError && !REFUSALS[error.code]?.again) return this.#drop(followed)
    followed.isAsked = false
    this.#askLater(followed)
  }

  #live(followed: Followed, at: { epoch: string; seq: number }): void {
    followed.isAsked = false
    const position = followed.topic.position
    if (position?.epoch !== at.epoch || position.seq < at.seq) return this.#askLater(followed)
    followed.isOld = false
    followed.tries = 0
    stopTimer(followed)
  }

  #drop(followed: Followed): void {
    followed.isAsked = false
    followed.topic.clear()
    this.#tell(followed.name, { is: 'dropped' })
    this.#askLater(followed)
  }

  /** There is no order between topics: the right to follow may arrive after the refusal [F7]. */
  #askLater(followed: Followed): void {
    if (followed.stopTimer || !this.#connection.isOnline) return
    const delayMs = backoffMs(ASK_AGAIN, followed.tries++, () => this.#world.random())
    followed.stopTimer = this.#world.after(delayMs, () => {
      followed.stopTimer = null
      this.#ask(followed)
    })
  }
}

function stopTimer(followed: Followed): void {
  followed.stopTimer?.()
  followed.stopTimer = null
}
