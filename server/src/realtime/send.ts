import type { Writable } from 'node:stream'
import { Bundle } from './bundle.ts'

/** What is waiting to be written to one wire in this turn. */
export interface Outgoing {
  readonly out: Writable
  /** Frames, as their wire has them; null: none. */
  collected: Bundle | null
  /** False once a close was sent or heard: nothing may follow it. */
  readonly isOpen: boolean
  /** Its frames were written. */
  written(): void
}

/** One write per wire and turn of the loop [P2]: the cost of sending is the system call, not the bytes. */
export class Sender {
  #dirty: Outgoing[] = []
  /** What somebody begins with in this turn; mostly all that are told something do. */
  #first: Bundle | null = null
  #scheduled = false
  readonly stats = { frames: 0, bytes: 0, writes: 0 }

  add(to: Outgoing, frame: Buffer): void {
    if (to.collected) return void (to.collected = to.collected.and(frame))
    if (!this.#first?.endsWith(frame)) this.#first = new Bundle(frame)
    to.collected = this.#first
    this.#dirty.push(to)
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(() => this.flush())
  }

  flush(): void {
    this.#scheduled = false
    const dirty = this.#dirty
    this.#dirty = []
    this.#first = null
    for (const to of dirty) {
      const { collected } = to
      to.collected = null
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
