/** Just enough of WebSocket's framing for a load generator: whole text frames, in one pass over the bytes. */

const TEXT = 0x81
const CLOSE = 0x88
const MASKED = 0x80
const MASK_BYTES = 4

/** Where a frame's payload lies; `to` is also where the next frame begins. */
export interface FrameSpan {
  from: number
  to: number
}

/** The frame that begins at `at`; null while it is not whole. Throws on anything but text: here nothing else is ever right. */
export function frameAt(bytes: Buffer, at: number, end: number): FrameSpan | null {
  if (end - at < 2) return null
  requireText(bytes, at)
  return spanAt(bytes, at, end)
}

function requireText(bytes: Buffer, at: number): void {
  if (bytes[at] !== TEXT) throw new Error(`The server sent ${whatElse(bytes, at)}.`)
}

/** Of whatever frame it is. */
function spanAt(bytes: Buffer, at: number, end: number): FrameSpan | null {
  if (end - at < 2) return null
  const short = bytes[at + 1]!
  const header = short < 126 ? 2 : short === 126 ? 4 : 10
  if (end - at < header) return null
  const length = header === 2 ? short : header === 4 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2))
  const from = at + header
  return from + length <= end ? { from, to: from + length } : null
}

function whatElse(bytes: Buffer, at: number): string {
  if (bytes[at] !== CLOSE) return `a frame that begins with 0x${bytes[at]!.toString(16)}`
  const code = bytes.length >= at + 4 ? bytes.readUInt16BE(at + 2) : 'no code'
  return `a close frame (${code} ${bytes.toString('utf8', at + 4, at + 2 + bytes[at + 1]!)})`
}

/** A client's text frame. Its mask is zero: allowed, costs the server what any other does, and the generator nothing. */
export function clientFrame(text: string): Buffer {
  const length = Buffer.byteLength(text)
  const header = length < 126 ? 2 : 4
  const frame = Buffer.alloc(header + MASK_BYTES + length)
  frame[0] = TEXT
  frame[1] = MASKED | (header === 2 ? length : 126)
  if (header === 4) frame.writeUInt16BE(length, 2)
  frame.write(text, header + MASK_BYTES)
  return frame
}

/** A client's answer to a close frame. */
export function closeFrame(code: number): Buffer {
  return Buffer.from([CLOSE, MASKED | 2, 0, 0, 0, 0, code >> 8, code & 0xff])
}

const NOTHING = Buffer.alloc(0)

/** Reads the texts of one socket. */
export class FrameReader {
  #held: Buffer = NOTHING

  /** Whether it stands between two frames. */
  get isBetween(): boolean {
    return this.#held.length === 0
  }

  /** `closed` is told the code of a close frame; where it is left out, that is a mistake. */
  read(bytes: Buffer, hear: (text: string) => void, closed?: (code: number) => void): void {
    const all = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes])
    let at = 0
    for (let frame = spanAt(all, at, all.length); frame; frame = spanAt(all, at, all.length)) {
      if (closed && all[at] === CLOSE) return closed(all.readUInt16BE(frame.from))
      requireText(all, at)
      at = frame.to
      hear(all.toString('utf8', frame.from, frame.to))
    }
    this.#held = at === all.length ? NOTHING : Buffer.from(all.subarray(at))
  }
}
