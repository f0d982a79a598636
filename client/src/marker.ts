import type { Place } from '@belfry/protocol/rows.ts'
import type { CallServer } from './call-server.ts'
import { againInMs, ConnectionLost, RefusalError } from './errors.ts'

/** What is read is said once in so long: each time is a write. */
const SAY_EVERY_MS = 1_000

interface Wish {
  readTo: number
  back?: true
}

interface MarkerParts {
  call: CallServer
  after(ms: number, run: () => void): void
  /** The newest known state of the place. */
  seenPlace(): Place | null
  /** The place in one's own topic, as an answer has it. */
  arranged(place: Place): void
}

/**
 * Moves the read marker of one room: one call at a time, and of what was wished meanwhile the last. What the connection lost is said again. Each call
 * says which state it marks, so that one that arrives late undoes nothing, and what was wished before others marked it as unread is given up [W3].
 */
export class Marker {
  readonly #roomId: string
  readonly #parts: MarkerParts
  /** The place as one's own topic has told of it last. */
  #told: Place | null
  #wish: Wish | null = null
  /** What is under way. */
  #saying: Wish | null = null
  /** It was said within the last second; `wanted`: more was read since. */
  #rest: 'none' | 'rests' | 'wanted' = 'none'

  constructor(roomId: string, parts: MarkerParts) {
    this.#roomId = roomId
    this.#parts = parts
    this.#told = parts.seenPlace()
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

  /** One's own topic tells of the place: what goes back while oneself makes it go back is not another device's mark. */
  tookPlace(): void {
    const [before, now] = [this.#told, this.#parts.seenPlace()]
    this.#told = now
    if (isMarkedUnread(before, now) && !this.#wish?.back && !this.#saying?.back) this.#wish = null
  }

  /** The connection is there, or the page goes, perhaps for ever. */
  sayNow(): void {
    void this.#say()
  }

  /** At once, and what is read within the next second when that is over. */
  #saySoon(): void {
    if (this.#rest !== 'none') return void (this.#rest = 'wanted')
    this.#rest = 'rests'
    void this.#say()
    this.#parts.after(SAY_EVERY_MS, () => {
      const isWanted = this.#rest === 'wanted'
      this.#rest = 'none'
      if (isWanted) this.#saySoon()
    })
  }

  async #say(): Promise<void> {
    const wish = this.#wish
    if (!wish || this.#saying) return
    this.#saying = wish
    const isOver = await this.#said(wish)
    this.#saying = null
    if (this.#wish && this.#wish !== wish) return this.#wish.back ? this.#say() : this.#saySoon()
    if (isOver) this.#wish = null
  }

  /** False: it is to be said again, when the connection is back or after a while. Other refusals are final: one is no member any more. */
  async #said(wish: Wish): Promise<boolean> {
    const seen = this.#parts.seenPlace()
    try {
      this.#parts.arranged(await this.#parts.call('room.read', { roomId: this.#roomId, ...wish, ...(seen && { changed: seen.changed }) }))
      return true
    } catch (error) {
      const inMs = this.#tookNewer(error) ? this.#againAfter(seen) : againInMs(error)
      if (inMs !== null) this.#parts.after(inMs, () => void this.#say())
      return inMs === null && !(error instanceof ConnectionLost)
    }
  }

  /** Whether the place is another by now. */
  #tookNewer(error: unknown): boolean {
    if (!(error instanceof RefusalError) || error.code !== 'stale') return false
    this.#parts.arranged(error.row as Place)
    return true
  }

  /** The wish says the newer state the next time. What was not taken is of another epoch, whose rows are on their way. */
  #againAfter(seen: Place | null): number {
    return this.#parts.seenPlace()?.changed === seen?.changed ? SAY_EVERY_MS : 0
  }
}

function isMarkedUnread(before: Place | null, now: Place | null): boolean {
  return before !== null && now !== null && now.changed > before.changed && now.readTo < before.readTo
}
