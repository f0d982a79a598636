import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { Refusal } from '#lib/refusal.ts'

/** OWASP's smallest recommended argon2id: 19 MiB, 2 passes, about 7 ms. */
const COST = { memory: 19 * 1024, passes: 2, parallelism: 1, tagLength: 32 }
const SALT_BYTES = 16

/** Hashing takes 19 MiB and a thread each: so many at once, so many waiting, and the rest is told to come again. */
const HASHING_MAX = 4
const HASHING_WAITING_MAX = 100

const derive = promisify(argon2)

/** A PHC string: `$argon2id$v=19$m=…,t=…,p=…$salt$hash`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  const hash = await deriveBounded(password, { salt, ...COST })
  return `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$${base64(salt)}$${base64(hash)}`
}

/** Whether this is the password. Unknown formats are no match. */
export async function verifyPassword(password: string, phc: string): Promise<boolean> {
  const match = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(phc)
  if (!match) return false
  const [, memory, passes, parallelism, salt, hash] = match as unknown as [string, string, string, string, string, string]
  const expected = Buffer.from(hash, 'base64')
  const cost = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism), tagLength: expected.length }
  return timingSafeEqual(await deriveBounded(password, { salt: Buffer.from(salt, 'base64'), ...cost }), expected)
}

/** Costs as much as {@link verifyPassword}: an unknown name must not answer faster than a known one. */
export async function verifyNothing(password: string): Promise<false> {
  await deriveBounded(password, { salt: Buffer.alloc(SALT_BYTES), ...COST })
  return false
}

let hashing = 0
const waiting: (() => void)[] = []

async function deriveBounded(password: string, how: typeof COST & { salt: Buffer }): Promise<Buffer> {
  if (hashing >= HASHING_MAX) await turn()
  else hashing += 1
  try {
    const { salt, ...cost } = how
    return await derive('argon2id', { message: password.normalize('NFC'), nonce: salt, ...cost })
  } finally {
    const next = waiting.shift()
    if (next) next()
    else hashing -= 1
  }
}

/** Whoever finishes hands its place to the next one. */
function turn(): Promise<void> {
  if (waiting.length >= HASHING_WAITING_MAX)
    throw new Refusal('busy', 'Too many people are signing in. Try again in a moment.', { retryAfterMs: 2_000 })
  return new Promise((resolve) => waiting.push(resolve))
}

/** PHC strings carry base64 without padding. */
function base64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}
