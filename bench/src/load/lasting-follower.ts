import type { DownFrame } from '@belfry/protocol/down.ts'
import type { Position } from '@belfry/protocol/up.ts'
import type { Book } from './book.ts'
import { Following } from './following.ts'
import { type Ends, LastingConnection } from './lasting-connection.ts'

/** When it was lost, said hello, and had all that it had missed: milliseconds of this process's clock. */
interface Coming {
  /** The first time: 0. */
  lostAt: number
  helloAt: number
  liveAt: number
}

/** Follows one room, in which nothing was said before, and comes back to it whenever its connection is lost. */
export class LastingFollower {
  /** The first is when it came at all. */
  readonly comings: Coming[] = []
  readonly connection: LastingConnection
  /** Whether it was told not to come back, or is not waited for any more. */
  hasGivenUp = false
  readonly #following: Following
  #lostAt = 0
  #helloAt = 0
  #hasAll = false

  constructor(ends: Ends, { room, book }: { room: string; book: Book }) {
    this.#following = new Following(room, book)
    this.connection = new LastingConnection(ends, {
      positions: () => this.#begin(),
      saidHello: () => (this.#helloAt = performance.now()),
      wasLost: () => this.#wasLost(),
      took: (frame) => this.#took(frame),
      toldToStop: () => this.giveUp(),
    })
  }

  /** Messages. */
  get told(): number {
    return this.#following.told
  }

  /** Whether its connection stands, and it has all that it had missed. */
  get isLive(): boolean {
    return this.connection.isWelcome && this.#hasAll
  }

  giveUp(): void {
    this.hasGivenUp = true
    this.connection.close()
  }

  /** Lost again before it had all, it has been away since the first time. */
  #wasLost(): void {
    if (this.#hasAll) this.#lostAt = performance.now()
  }

  #begin(): Position[] {
    this.#hasAll = false
    return this.#following.begin()
  }

  #took(frame: DownFrame): void {
    this.#following.take(frame)
    // A slow reader that joined again becomes live once more on the same connection.
    if (frame.t !== 'live' || frame.topic !== this.#following.topic || this.#hasAll) return
    this.#hasAll = true
    this.comings.push({ lostAt: this.#lostAt, helloAt: this.#helloAt, liveAt: performance.now() })
  }
}
