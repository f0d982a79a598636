import type { CallServer } from './call-server.ts'
import { againInMs, ConnectionLost } from './errors.ts'

/** What is read is said after so long. */
const SAY_AFTER_MS = 1_000

interface Wish {
  readTo: number
  back?: true
}

/** Moves the read marker of one room: one call at a time, and of what was wished meanwhile the last. What the connection lost is said again. */
export class Marker {
  readonly #roomId: string
  readonly #call: CallServer
  readonly #after: (ms: number, run: () => void) => void
  #wish: Wish | null = null
  #isSaying = false
  #isToSay = false

  constructor(roomId: string, { call, after }: { call: CallServer; after(ms: number, run: () => void): void }) {
    this.#roomId = roomId
    this.#call = call
    this.#after = after
  }

  /** `known`: up to where nothing is to be read any more, as far as one's own topic has told. */
  moveOn(readTo: number, known: number): void {
    if (readTo <= (this.#wish?.readTo ?? known)) return
    this.#wish = { readTo }
    this.#saySoon()
  }

  moveBack(readTo: number): void {
    this.#wish = { readTo, back: true }
    void this.#say()
  }

  /** The connection is there. */
  welcomed(): void {
    void this.#say()
  }

  /** More may be read within the same second: each would be a write. */
  #saySoon(): void {
    if (this.#isToSay) return
    this.#isToSay = true
    this.#after(SAY_AFTER_MS, () => {
      this.#isToSay = false
      void this.#say()
    })
  }

  async #say(): Promise<void> {
    const wish = this.#wish
    if (!wish || this.#isSaying) return
    this.#isSaying = true
    const isOver = await this.#said(wish)
    this.#isSaying = false
    if (this.#wish !== wish) return this.#say()
    if (isOver) this.#wish = null
  }

  /** False: it is to be said again, when the connection is back or after a while. Other refusals are final: one is no member any more. */
  async #said(wish: Wish): Promise<boolean> {
    try {
      await this.#call('room.read', { roomId: this.#roomId, ...wish })
      return true
    } catch (error) {
      const inMs = againInMs(error)
      if (inMs !== null) this.#after(inMs, () => void this.#say())
      return inMs === null && !(error instanceof ConnectionLost)
    }
  }
}
