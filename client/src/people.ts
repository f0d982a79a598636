import type { DownFrame } from '@belfry/protocol/down.ts'
import { PROFILES_MAX_IDS } from '@belfry/protocol/limits.ts'
import { REFUSALS } from '@belfry/protocol/refusals.ts'
import type { User } from '@belfry/protocol/rows.ts'
import type { Backoff } from './backoff.ts'
import { backoffMs } from './backoff.ts'
import type { CallServer } from './call-server.ts'
import { ConnectionLost, RefusalError } from './errors.ts'
import type { TopicNews } from './follow.ts'
import type { Observable } from './observable.ts'
import { source } from './observable.ts'
import { Meetings } from './meetings.ts'
import { loadPage } from './pages.ts'
import type { Topic } from './topic.ts'
import type { World } from './world.ts'

export interface People {
  readonly known: Observable<ReadonlyMap<string, User>>
  /** Fetches who is not known yet: collected per turn, each once. Whoever is shown is asked for: those asked for longest ago are let go of. */
  ask(id: string): void
}

export const PEOPLE_KEPT_MAX = 2_000
/** How profiles are asked for again whose fetch was refused for now. */
export const FETCH_AGAIN: Backoff = { firstMs: 1_000, mostMs: 60_000 }

/** Profiles, as far as somebody asked for them or the workspace told of them. */
export class KnownPeople implements People {
  readonly #known = source<ReadonlyMap<string, User>>(new Map())
  readonly #world: World
  readonly #topic: Topic
  readonly #call: CallServer
  /** Whoever was asked for last stands last. */
  readonly #asked = new Set<string>()
  readonly #queue = new Set<string>()
  readonly #meetings: Meetings
  /** Null: one is no guest. */
  #guestId: string | null = null
  #isCollecting = false
  #tries = 0
  /** While it waits before it fetches again. */
  #stopTimer: (() => void) | null = null

  constructor(world: World, topic: Topic, call: CallServer) {
    this.#world = world
    this.#topic = topic
    this.#call = call
    this.#meetings = new Meetings(world, (whom) => this.#askAgain(whom === 'anybody' ? this.#everybody() : whom))
  }

  get known(): Observable<ReadonlyMap<string, User>> {
    return this.#known
  }

  ask(id: string): void {
    if (id === '') return
    const isNew = !this.#asked.delete(id)
    this.#asked.add(id)
    if (!isNew || this.#known.get().has(id)) return
    this.#queue.add(id)
    this.#collect()
  }

  /** The topic has news. A snapshot replaces its rows: whoever is missing in it is shown as last known and asked for again. */
  took(news: TopicNews): void {
    this.update()
    if (news.is === 'dropped' || news.by === 'change') return
    const held = this.#topic.rows('user')
    this.#askAgain(this.#everybody().filter((id) => !held.has(id)))
  }

  update(): void {
    const before = this.#known.get()
    const changed = [...this.#topic.rows('user').values()].filter((user) => before.get(user.id) !== user)
    const known = new Map([...before, ...changed.map((user) => [user.id, user] as const)])
    const spare = this.#takeSpare(known)
    for (const id of spare) known.delete(id)
    if (changed.length + spare.size > 0) this.#known.set(known)
  }

  heard(frame: DownFrame): void {
    if (this.#guestId !== null) this.#meetings.heard(frame, this.#guestId)
  }

  /** The connection is there: who is still to be fetched is fetched. */
  welcomed({ id, role }: Pick<User, 'id' | 'role'>): void {
    this.#guestId = role === 'guest' ? id : null
    this.#tries = 0
    this.#collect()
  }

  lost(): void {
    this.#stopTimer?.()
    this.#stopTimer = null
  }

  /** Beyond the bound: whom nobody asked for first, then whoever was asked for longest ago. */
  #takeSpare(known: ReadonlyMap<string, User>): Set<string> {
    if (Math.max(known.size, this.#asked.size) <= PEOPLE_KEPT_MAX) return new Set()
    const inOrder = [...[...known.keys()].filter((id) => !this.#asked.has(id)), ...this.#asked]
    const spare = new Set(inOrder.slice(0, Math.max(0, inOrder.length - PEOPLE_KEPT_MAX)))
    for (const id of spare) this.#asked.delete(id)
    this.#topic.forget('user', spare)
    return spare
  }

  /** Whoever is known, or was asked for. */
  #everybody(): string[] {
    return [...this.#known.get().keys(), ...this.#asked]
  }

  #askAgain(ids: readonly string[]): void {
    for (const id of ids) this.#queue.add(id)
    this.#collect()
  }

  #collect(): void {
    if (this.#isCollecting || this.#stopTimer || this.#queue.size === 0) return
    this.#isCollecting = true
    queueMicrotask(() => void this.#fetch())
  }

  async #fetch(): Promise<void> {
    this.#isCollecting = false
    if (!this.#topic.position) return
    const ids = [...this.#queue].slice(0, PROFILES_MAX_IDS)
    for (const id of ids) this.#queue.delete(id)
    try {
      await this.#load(ids)
    } catch (error) {
      return this.#failed(ids, error)
    }
    this.#tries = 0
    this.update()
    this.#collect()
  }

  #load(ids: string[]): Promise<void> {
    const byId = () => ({ is: 'rows' }) as const
    return loadPage(this.#topic, byId, async () => {
      const { items, epoch, seq } = await this.#call('user.list', { ids })
      return { epoch, seq, rows: { user: items } }
    })
  }

  /** Asked for again when the connection is back, or after a while; who was refused for good stays unknown. */
  #failed(ids: string[], error: unknown): void {
    if (error instanceof RefusalError && !REFUSALS[error.code]?.again && error.code !== 'internal') return this.#collect()
    for (const id of ids) this.#queue.add(id)
    if (error instanceof ConnectionLost || this.#stopTimer) return
    const delayMs = backoffMs(FETCH_AGAIN, this.#tries++, () => this.#world.random())
    this.#stopTimer = this.#world.after(delayMs, () => {
      this.#stopTimer = null
      this.#collect()
    })
  }
}
