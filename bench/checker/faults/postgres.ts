import { cutter, type Protocol, type Unit } from './protocol.ts'

/**
 * PostgreSQL's protocol without TLS. The kind of a unit is the letter of its message, and behind it what a query says (`Q COMMIT`,
 * `P insert into …`) or which command is complete (`C INSERT 0 1`).
 */
export const postgres: Protocol = {
  up() {
    let hasBegun = false
    return cutter((bytes) => {
      const unit = hasBegun ? takeMessage(bytes) : takeStart(bytes)
      hasBegun ||= unit !== null
      return unit
    })
  },
  down: () => cutter(takeMessage),
}

const LENGTH_BYTES = 4
/** More of what a message says is not looked at. */
const WORDS_MAX_BYTES = 200

/** The first thing that is said has a length and no letter. */
function takeStart(bytes: Buffer): Unit | null {
  if (bytes.length < LENGTH_BYTES) return null
  const length = bytes.readInt32BE(0)
  return bytes.length < length ? null : { bytes: bytes.subarray(0, length), kind: 'start' }
}

function takeMessage(bytes: Buffer): Unit | null {
  if (bytes.length < 1 + LENGTH_BYTES) return null
  const end = 1 + bytes.readInt32BE(1)
  if (bytes.length < end) return null
  const message = bytes.subarray(0, end)
  return { bytes: message, kind: kindOf(String.fromCharCode(message[0]!), message.subarray(1 + LENGTH_BYTES)) }
}

/** Of a query that is prepared its name comes first, mostly none. */
function kindOf(letter: string, body: Buffer): string {
  if (!'QPC'.includes(letter)) return letter
  const texts = body.toString('utf8', 0, WORDS_MAX_BYTES).split('\0')
  return `${letter} ${letter === 'P' ? texts[1] : texts[0]}`
}
