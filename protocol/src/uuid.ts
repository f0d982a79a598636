/** Randomness and clock of {@link uuidv7}; tests bring their own. */
export interface UuidSource {
  now(): number
  fill(bytes: Uint8Array): void
}

/** To ask for randomness costs about 10 µs in Node, however much is asked for. */
const pool = new Uint8Array(1_024)
let poolLeft = 0

const SYSTEM: UuidSource = {
  now: () => Date.now(),
  fill(bytes) {
    // Not `crypto.randomUUID`: browsers withhold it on plain http, `getRandomValues` works everywhere.
    if (poolLeft < bytes.length) poolLeft = crypto.getRandomValues(pool).length
    poolLeft -= bytes.length
    bytes.set(pool.subarray(poolLeft, poolLeft + bytes.length))
  },
}

const COUNTER_MAX = 0xfff

let lastMs = 0
let counter = 0

/** A UUIDv7 (RFC 9562): lower case, 36 characters. Ids made by one process grow strictly, also within one millisecond. */
export function uuidv7(source: UuidSource = SYSTEM): string {
  const bytes = new Uint8Array(16)
  source.fill(bytes)
  tick(source.now(), bytes)
  writeTime(bytes, lastMs)
  bytes[6] = 0x70 | (counter >> 8)
  bytes[7] = counter & 0xff
  bytes[8] = 0x80 | (bytes[8]! & 0x3f)
  return format(bytes)
}

/** The 12 bits after the version count within a millisecond, from a random start; when they run out, the clock is borrowed from. */
function tick(nowMs: number, random: Uint8Array): void {
  if (nowMs > lastMs) {
    lastMs = nowMs
    counter = ((random[6]! & 0x07) << 8) | random[7]!
    return
  }
  counter += 1
  if (counter <= COUNTER_MAX) return
  lastMs += 1
  counter = 0
}

function writeTime(bytes: Uint8Array, ms: number): void {
  for (let at = 5, rest = ms; at >= 0; at--, rest = Math.floor(rest / 256)) bytes[at] = rest % 256
}

function format(bytes: Uint8Array): string {
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** When a UUIDv7 was made, in epoch milliseconds. */
export function uuidTime(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)
}
