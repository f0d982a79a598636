import type { DownSignal, Presence } from '@belfry/protocol/down.ts'
import { LOOKED_AT_MAX_IDS } from '@belfry/protocol/limits.ts'
import type { UpSignal } from '@belfry/protocol/up.ts'
import type { Observable } from './observable.ts'
import type { World } from './world.ts'

/** How present people are, as far as the server tells: of whoever shares a room with oneself, and over a socket alone. */
export interface PeoplesPresence {
  /** Null: it is not known. Of those who are observed the last 200 are asked for. */
  of(userId: string): Observable<Presence | null>
  /** Whether nobody uses this device now: then one is away, unless another device is in use. */
  setIdle(isIdle: boolean): void
}

/** Screens change whom they show in many steps: they are named once, together. */
export const LOOK_AFTER_MS = 100

export class ObservedPresence implements PeoplesPresence {
  readonly #world: Pick<World, 'after'>
  /** Answers whether it could be said. */
  readonly #say: (signal: UpSignal) => boolean
  readonly #states = new Map<string, Presence>()
  /** By person; whoever was begun to be observed last stands last. */
  readonly #listeners = new Map<string, Set<() => void>>()
  /** Whom the server was told to tell of, on this connection. */
  #named: ReadonlySet<string> = new Set()
  #isToLook = false
  #isIdle = false

  constructor(world: Pick<World, 'after'>, say: (signal: UpSignal) => boolean) {
    this.#world = world
    this.#say = say
  }

  of(userId: string): Observable<Presence | null> {
    return { get: () => this.#states.get(userId) ?? null, subscribe: (listener) => this.#observe(userId, listener) }
  }

  setIdle(isIdle: boolean): void {
    if (isIdle === this.#isIdle) return
    this.#isIdle = isIdle
    this.#saySelf()
  }

  took({ people }: Extract<DownSignal, { name: 'presence' }>): void {
    for (const [userId, state] of people) {
      if (!this.#named.has(userId)) continue
      if (state === 'unknown') this.#states.delete(userId)
      else this.#states.set(userId, state)
      this.#tell(userId)
    }
  }

  /** The connection is there, and knows nothing of what was said on the one before. */
  welcomed(): void {
    if (this.#isIdle) this.#saySelf()
    this.#look()
  }

  lost(): void {
    this.#named = new Set()
    const known = [...this.#states.keys()]
    this.#states.clear()
    for (const userId of known) this.#tell(userId)
  }

  #observe(userId: string, listener: () => void): () => void {
    const listeners = this.#listeners.get(userId) ?? new Set()
    this.#listeners.set(userId, listeners.add(listener))
    this.#lookSoon()
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0 && this.#listeners.get(userId) === listeners) this.#listeners.delete(userId)
      this.#lookSoon()
    }
  }

  #lookSoon(): void {
    if (this.#isToLook) return
    this.#isToLook = true
    this.#world.after(LOOK_AFTER_MS, () => {
      this.#isToLook = false
      this.#look()
    })
  }

  #look(): void {
    const ids = [...this.#listeners.keys()].slice(-LOOKED_AT_MAX_IDS)
    const isSame = ids.length === this.#named.size && ids.every((id) => this.#named.has(id))
    if (isSame || !this.#say({ t: 'signal', name: 'look', ids })) return
    this.#named = new Set(ids)
    for (const userId of [...this.#states.keys()]) if (!this.#named.has(userId)) this.#states.delete(userId)
  }

  #saySelf(): void {
    this.#say({ t: 'signal', name: 'presence', state: this.#isIdle ? 'away' : 'online' })
  }

  #tell(userId: string): void {
    for (const listener of [...(this.#listeners.get(userId) ?? [])]) listener()
  }
}
