import { hash } from 'node:crypto'

const VERSION_7 = 0x70
const VARIANT = 0x80

/** A UUIDv7 that is the same whenever it is made: its time is the thing's own, and what is random in others is the hash of what the thing is. */
export function lastingId(timeMs: number, ...is: (string | number)[]): string {
  const bytes = hash('sha256', JSON.stringify(is), 'buffer').subarray(0, 16)
  bytes.writeUIntBE(timeMs, 0, 6)
  bytes[6] = VERSION_7 | (bytes[6]! & 0x0f)
  bytes[8] = VARIANT | (bytes[8]! & 0x3f)
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
