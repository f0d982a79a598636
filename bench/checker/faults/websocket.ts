import { cutter, pieces, type Protocol, type Unit } from './protocol.ts'

/**
 * HTTP, and WebSockets from where the server switches to them. What it says from then on is cut into frames, of the kind `frame` with their
 * text; everything else stays in pieces.
 */
export const websocket: Protocol = { up: pieces, down: answers }

const SWITCHES = 'HTTP/1.1 101 '
const HEAD_END = '\r\n\r\n'

function answers(): (piece: Buffer) => Unit[] {
  const frames = cutter(takeFrame)
  let stage: 'http' | 'head' | 'frames' = 'http'
  let head: Buffer = Buffer.alloc(0)
  return (piece) => {
    if (stage === 'http' && !piece.subarray(0, SWITCHES.length).equals(Buffer.from(SWITCHES))) return pieces()(piece)
    if (stage === 'frames') return frames(piece)
    stage = 'head'
    head = Buffer.concat([head, piece])
    const end = head.indexOf(HEAD_END)
    if (end === -1) return []
    stage = 'frames'
    const rest = end + HEAD_END.length
    return [{ bytes: head.subarray(0, rest), kind: 'head' }, ...frames(head.subarray(rest))]
  }
}

const LENGTH_BITS = 0x7f
const IN_TWO_BYTES = 126
const IN_EIGHT_BYTES = 127

/** A server's frames are not masked. */
function takeFrame(bytes: Buffer): Unit | null {
  if (bytes.length < 2) return null
  const short = bytes[1]! & LENGTH_BITS
  const begin = short === IN_EIGHT_BYTES ? 10 : short === IN_TWO_BYTES ? 4 : 2
  if (bytes.length < begin) return null
  const length = short === IN_EIGHT_BYTES ? Number(bytes.readBigUInt64BE(2)) : short === IN_TWO_BYTES ? bytes.readUInt16BE(2) : short
  return bytes.length < begin + length ? null : { bytes: bytes.subarray(0, begin + length), kind: 'frame' }
}
