import { cutter, pieces, type Protocol, type Unit } from './protocol.ts'

/** What Redis answers, of both versions of its protocol. The kind of a unit is `message` for what was published, and else `answer`. */
export const redis: Protocol = { up: pieces, down: () => cutter(takeAnswer) }

const LINE_END = '\r\n'
/** How many values follow an answer of this type, for each that it counts. */
const HOLDS = new Map([
  ['*', 1],
  ['~', 1],
  ['>', 1],
  ['%', 2],
])
const TEXTS = '$!='
const PUBLISHED = /^[*>]3\r\n\$7\r\nmessage\r\n/

function takeAnswer(bytes: Buffer): Unit | null {
  const end = endOf(bytes, 0)
  if (end === null) return null
  const kind = PUBLISHED.test(bytes.toString('latin1', 0, 20)) ? 'message' : 'answer'
  return { bytes: bytes.subarray(0, end), kind }
}

/** Where the value that begins there ends; null: it is not whole yet. */
function endOf(bytes: Buffer, at: number): number | null {
  const lineEnd = bytes.indexOf(LINE_END, at)
  if (lineEnd === -1) return null
  const type = String.fromCharCode(bytes[at]!)
  const count = Number(bytes.toString('latin1', at + 1, lineEnd))
  let end = lineEnd + LINE_END.length
  if (TEXTS.includes(type)) {
    end += count < 0 ? 0 : count + LINE_END.length
    return end <= bytes.length ? end : null
  }
  for (let left = count * (HOLDS.get(type) ?? 0); left > 0; left--) {
    const next = endOf(bytes, end)
    if (next === null) return null
    end = next
  }
  return end
}
