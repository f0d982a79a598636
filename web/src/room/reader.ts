import type { Belfry } from '@belfry/client/belfry.ts'
import { useAccount } from '#account/use-account.ts'
import type { Anchor } from './anchor.ts'

/** Where somebody is in a room; outlives the room's time on the screen. */
export class Reader {
  /** Messages that once stood on top of what was loaded: they look as they did when the reader comes back, too. */
  readonly seams = new Set<string>()
  #hangs = true
  #anchor: Anchor | null = null
  #seen = 0
  #arrivedAt: string | null = null
  #readOnTo = 0
  #seeksNew = true
  readonly #madeUnread = new Set<string>()

  /** Whether they hang on the bottom; or else stay with the message on top of the view. */
  get hangs(): boolean {
    return this.#hangs
  }

  get anchor(): Anchor | null {
    return this.#anchor
  }

  /** The number of the newest message that was there when they last stood at the bottom; 0: none had come. */
  get seen(): number {
    return this.#seen
  }

  /** The message of a link to which they have come. */
  get arrivedAt(): string | null {
    return this.#arrivedAt
  }

  /** The newest number that they have had before them since they came to what is new: whoever comes back reads on from there. 0: they have not. */
  get readOnTo(): number {
    return this.#readOnTo
  }

  /** Whether the view is to begin with the first message that they have not read. */
  get seeksNew(): boolean {
    return this.#seeksNew
  }

  /** Whether they have made something unread, which then stays so while they are here. */
  get holdsUnread(): boolean {
    return this.#madeUnread.size > 0
  }

  seekNew(seeks: boolean): void {
    this.#seeksNew = seeks
  }

  holds(what: string): boolean {
    return this.#madeUnread.has(what)
  }

  /** `what`: the room's id, by a deed here; that its own marker tells of it; or where a notification leads. */
  holdUnread(what: string, holds = true): void {
    if (holds) this.#madeUnread.add(what)
    else this.#madeUnread.delete(what)
  }

  releaseUnread(): void {
    this.#madeUnread.clear()
  }

  hang(hangs: boolean): void {
    this.#hangs = hangs
  }

  stay(anchor: Anchor | null): void {
    this.#anchor = anchor
  }

  see(n: number): void {
    this.#seen = n
  }

  arrive(messageId: string | null): void {
    this.#arrivedAt = messageId
  }

  readOn(to: number): void {
    this.#readOnTo = Math.max(this.#readOnTo, to)
  }

  /** Nothing is new any more, or something was made so. */
  beginAnew(): void {
    this.#readOnTo = 0
  }
}

/** One in each room, by its id. */
const readers = new WeakMap<Belfry, Map<string, Reader>>()

export function useReader(roomId: string): Reader {
  const { belfry } = useAccount()
  const rooms = readers.get(belfry) ?? new Map<string, Reader>()
  readers.set(belfry, rooms)
  const reader = rooms.get(roomId) ?? new Reader()
  rooms.set(roomId, reader)
  return reader
}
