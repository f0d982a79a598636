import type { Writable } from 'node:stream'
import { Bundle } from './bundle.ts'

/** What is waiting to be written to one wire. */
export interface Outgoing {
  readonly out: Writable
  /** Frames, as their wire has them; null: none. */
  collected: Bundle | null
  /** One of them is no news: it is not kept waiting. */
  isUrgent: boolean
  /** False once a close was sent or heard: nothing may follow it. */
  readonly isOpen: boolean
  /** Its frames were written. */
  written(): void
}

/** So many writes under way: the next commit is near, and brings news for most. */
const MANY_WRITES = 32
/** For so long at most news waits for more. */
const NEWS_WAIT_MS = 25

/** What this node writes. */
interface Writes {
  /** So many are neither stored nor refused yet. */
  readonly underWay: number
  readonly stats: { readonly commits: number }
}

/**
 * One write per wire and turn of the loop [P2]: the cost of sending is the system call, not the bytes. So news waits for that of this node's next
 * commit while one is near, once, and with it what other nodes bring meanwhile: who follows is then written to half as often, however many nodes there are.
 */
export class Sender {
  readonly #writes: Writes
  #dirty: Outgoing[] = []
  /** What somebody began with last; mostly all that are told something do. */
  #first: Bundle | null = null
  #scheduled = false
  /** Some came since what was due was last written. */
  #hasNews = false
  /** News waits, so long at most and for one more than so many commits; null: none does. */
  #patience: { timer: NodeJS.Timeout; commits: number } | null = null
  readonly stats = { frames: 0, bytes: 0, writes: 0 }

  constructor(writes: Writes) {
    this.#writes = writes
  }

  /** Behind all that waits for this wire already. */
  add(to: Outgoing, frame: Buffer, what: 'news' | 'urgent'): void {
    if (what === 'news') this.#hasNews = true
    else to.isUrgent = true
    if (to.collected) to.collected = to.collected.and(frame)
    else this.#begin(to, frame)
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(() => this.#flushDue())
  }

  /** Writes all that waits. */
  flush(): void {
    clearTimeout(this.#patience?.timer)
    this.#patience = null
    this.#hasNews = false
    this.#empty(this.#dirty.splice(0))
  }

  #begin(to: Outgoing, frame: Buffer): void {
    if (!this.#first?.endsWith(frame)) this.#first = new Bundle(frame)
    to.collected = this.#first
    this.#dirty.push(to)
  }

  #flushDue(): void {
    const hasNews = this.#hasNews
    this.#scheduled = this.#hasNews = false
    const { underWay, stats } = this.#writes
    const waits = this.#patience ? stats.commits === this.#patience.commits : hasNews && underWay >= MANY_WRITES
    if (!waits) return this.flush()
    this.#patience ??= { timer: setTimeout(() => this.flush(), NEWS_WAIT_MS), commits: stats.commits }
    const urgent = this.#dirty.filter(({ isUrgent }) => isUrgent)
    this.#dirty = this.#dirty.filter(({ isUrgent }) => !isUrgent)
    this.#empty(urgent)
  }

  #empty(dirty: Outgoing[]): void {
    this.#first = null
    for (const to of dirty) {
      const { collected } = to
      to.collected = null
      to.isUrgent = false
      if (collected && to.isOpen) this.#write(to, collected)
    }
  }

  #write(to: Outgoing, { bytes, frames }: Bundle): void {
    if (!to.out.writable) return
    to.out.write(bytes)
    this.stats.frames += frames
    this.stats.bytes += bytes.length
    this.stats.writes += 1
    to.written()
  }
}
