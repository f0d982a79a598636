import type { Rows, RowKind } from '@belfry/protocol/rows.ts'
import type { Change, DownFrame, Snapshot } from '@belfry/protocol/down.ts'
import { downText } from '@belfry/protocol/down-text.ts'
import { FRAME_MAX_BYTES } from '@belfry/protocol/limits.ts'

/** One frame, ready to be written: it does not depend on its receiver, so it is made once for each kind of wire that somebody has [P1]. */
export class Frame {
  /** The topic that it tells of, if it tells of one. */
  readonly topic: string | null
  readonly #text: string
  /** `EPOCH:SEQ`: where in its topic stands who has taken it; null: where they stood before. */
  readonly #position: string | null
  #forSocket: Buffer | null = null
  #forStream: Buffer | null = null
  #forTopicStream: Buffer | null = null

  constructor(frame: DownFrame, position: string | null = null) {
    this.topic = 'topic' in frame ? frame.topic : null
    this.#text = downText(frame)
    this.#position = position
  }

  get forSocket(): Buffer {
    return (this.#forSocket ??= socketFrame(this.#text))
  }

  /** JSON has no line breaks: one frame, one line. */
  get forStream(): Buffer {
    return (this.#forStream ??= Buffer.from(`data: ${this.#text}\n\n`))
  }

  /** Where it moves the position, that is its `id`: a browser's EventSource says it when it comes back. */
  get forTopicStream(): Buffer {
    if (this.#position === null) return this.forStream
    return (this.#forTopicStream ??= Buffer.from(`id: ${this.#position}\ndata: ${this.#text}\n\n`))
  }
}

export function encode(frame: DownFrame): Frame {
  return new Frame(frame)
}

const TEXT_FRAME = 0x81
const LENGTH_16 = 126
const LENGTH_64 = 127

/** A server's text frame: never masked, never fragmented. */
function socketFrame(text: string): Buffer {
  const length = Buffer.byteLength(text)
  const header = length < LENGTH_16 ? 2 : length <= 0xffff ? 4 : 10
  const frame = Buffer.allocUnsafe(header + length)
  frame[0] = TEXT_FRAME
  if (header === 2) frame[1] = length
  else if (header === 4) {
    frame[1] = LENGTH_16
    frame.writeUInt16BE(length, 2)
  } else {
    frame[1] = LENGTH_64
    frame.writeBigUInt64BE(BigInt(length), 2)
  }
  frame.write(text, header)
  return frame
}

/** Room for what surrounds the rows in a frame. */
const ENVELOPE_BYTES = 1_024

/**
 * Rows in as many portions as frames are needed, in order; always at least one. A portion's bytes stay below the frame's limit,
 * but for a single row that is larger by itself (16,000 characters can be 96 kB of JSON, which fits).
 */
export function portions(rows: Rows): Rows[] {
  const all: Rows[] = [{}]
  let bytes = ENVELOPE_BYTES
  for (const [kind, ofKind] of Object.entries(rows) as [RowKind, object[]][]) {
    for (const row of ofKind) {
      const size = Buffer.byteLength(JSON.stringify(row)) + 1
      if (bytes + size > FRAME_MAX_BYTES && bytes > ENVELOPE_BYTES) {
        all.push({})
        bytes = ENVELOPE_BYTES
      }
      const portion = all.at(-1)! as Record<string, object[]>
      ;(portion[kind] ??= []).push(row)
      bytes += size
    }
  }
  return all
}

/** The frames of one change or snapshot: one, or numbered parts, of which the last moves the position. */
export function encodeRows(frame: Snapshot | Change, epoch: string): Frame[] {
  const position = `${epoch}:${frame.seq}`
  const whole = new Frame(frame, position)
  if (whole.forSocket.length <= FRAME_MAX_BYTES) return [whole]
  const parts = portions(frame.rows)
  return parts.map((rows, at) => {
    const isLast = at + 1 === parts.length
    return new Frame({ ...frame, rows, part: [at, parts.length] }, isLast ? position : null)
  })
}

/** Made once for each object: most see the same rows, and share their encoding [P1]. */
export function eachOnce<From extends object>(make: (from: From) => Frame[]): (from: From) => Frame[] {
  const made = new Map<From, Frame[]>()
  let last: { from: From; frames: Frame[] } | null = null
  return (from) => {
    if (last?.from === from) return last.frames
    const frames = made.get(from) ?? make(from)
    made.set(from, frames)
    last = { from, frames }
    return frames
  }
}
