/**
 * Frames that go out in one write, in order. Who is to get the very same ones shares them, and the one buffer that they make: to tell a thousand
 * costs each of them one pointer.
 */
export class Bundle {
  /** Of all its frames. */
  readonly byteLength: number
  readonly frames: number
  readonly #before: Bundle | null
  readonly #frame: Buffer
  #longer: Bundle | null = null
  #bytes: Buffer | null = null

  /** `before`: what goes out ahead of the frame. */
  constructor(frame: Buffer, before: Bundle | null = null) {
    this.#frame = frame
    this.#before = before
    this.byteLength = frame.length + (before?.byteLength ?? 0)
    this.frames = 1 + (before?.frames ?? 0)
  }

  /** With one more frame at its end. Whoever asks for the same as the last one gets the same. */
  and(frame: Buffer): Bundle {
    if (this.#longer?.endsWith(frame)) return this.#longer
    return (this.#longer = new Bundle(frame, this))
  }

  endsWith(frame: Buffer): boolean {
    return this.#frame === frame
  }

  get bytes(): Buffer {
    return (this.#bytes ??= this.#before ? Buffer.concat(this.#all()) : this.#frame)
  }

  #all(): Buffer[] {
    const all = [this.#frame]
    for (let at = this.#before; at; at = at.#before) all.push(at.#frame)
    return all.reverse()
  }
}
