import type { Writable } from 'node:stream'

/** What is waiting to be written to one wire in this turn. */
export interface Outgoing {
  readonly out: Writable
  /** Frames, as their wire has them. */
  readonly frames: Buffer[]
  /** False once a close was sent or heard: nothing may follow it. */
  readonly isOpen: boolean
  /** Its frames were written. */
  written(): void
}

/**
 * One write per wire and turn of the loop [P2]: the cost of sending is the system call, not the bytes. Neighbours that are to get
 * the very same frames share one buffer.
 */
export class Sender {
  #dirty: Outgoing[] = []
  #scheduled = false
  readonly stats = { frames: 0, bytes: 0, writes: 0 }

  add(to: Outgoing, frame: Buffer): void {
    if (to.frames.length === 0) this.#dirty.push(to)
    to.frames.push(frame)
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(() => this.flush())
  }

  flush(): void {
    this.#scheduled = false
    const dirty = this.#dirty
    this.#dirty = []
    let last: { frames: Buffer[]; bytes: Buffer } | null = null
    for (const to of dirty) {
      const frames = to.frames.splice(0)
      if (frames.length === 0 || !to.isOpen) continue
      if (!last || !sameFrames(last.frames, frames)) last = { frames, bytes: frames.length === 1 ? frames[0]! : Buffer.concat(frames) }
      this.#write(to.out, last)
      to.written()
    }
  }

  #write(out: Writable, { frames, bytes }: { frames: Buffer[]; bytes: Buffer }): void {
    if (!out.writable) return
    out.write(bytes)
    this.stats.frames += frames.length
    this.stats.bytes += bytes.length
    this.stats.writes += 1
  }
}

function sameFrames(one: Buffer[], other: Buffer[]): boolean {
  if (one.length !== other.length) return false
  for (let at = one.length - 1; at >= 0; at--) if (one[at] !== other[at]) return false
  return true
}
