import { argon2, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { Refusal } from '#lib/refusal.ts'

/** OWASP's smallest recommended argon2id: 19 MiB, 2 passes, about 7 ms. */
const COST = { memory: 19 * 1024, passes: 2, parallelism: 1, tagLength: 32 }
const SALT_BYTES = 16

/** Hashing takes 19 MiB and a thread each: so many at once, so many waiting, and the rest is told to come again. Of the four threads that Node has for such work, two are left to what reads files. */
const HASHING_MAX = 2
const HASHING_WAITING_MAX = 100

/** The same while what waits may take a second each: an import's hash. */
const LEGACY_WAITING_MAX = 20

/** What an import brings along is verified as it is, but not at any price: a sign-in would hold up all the others. Django itself takes about a million. */
export const LEGACY_ITERATIONS_MAX = 2_000_000

const deriveArgon2 = promisify(argon2)
const derivePbkdf2 = promisify(pbkdf2)

/** A PHC string: `$argon2id$v=19$m=…,t=…,p=…$salt$hash`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  const hash = await inTurn(() => argon2id(password, { salt, ...COST }))
  return `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$${base64(salt)}$${base64(hash)}`
}

/** Whether this is the password. Unknown formats are no match. */
export function verifyPassword(password: string, hash: string): Promise<boolean> {
  return inTurn(() => matches(password, hash), waitingMax(legacyIterations(hash) ?? 0))
}

/**
 * The same, where how long a refusal takes must tell neither whether there is such an account nor what its hash is: it takes the work of
 * any other. All of it in one turn, so that nobody who was told to come again has learnt whether they guessed right. `hash`: null for no
 * account; `iterationsMax`: of the legacy hashes that still stand.
 */
export function verifyAsForOthers(
  password: string,
  { hash, iterationsMax }: { hash: string | null; iterationsMax: number },
): Promise<boolean> {
  return inTurn(async () => {
    if (hash !== null && (await matches(password, hash))) return true
    await spendAsForOthers(password, { verified: hash, iterationsMax })
    return false
  }, waitingMax(iterationsMax))
}

/** How often the hash of an import iterates, where it is one that can be verified: `pbkdf2_sha256$iterations$salt$hash`, as Django stores them. Otherwise null. */
export function legacyIterations(hash: string): number | null {
  return parseLegacy(hash)?.iterations ?? null
}

async function matches(password: string, hash: string): Promise<boolean> {
  const legacy = parseLegacy(hash)
  if (legacy) return timingSafeEqual(await pbkdf2Sha256(password, legacy), legacy.hash)
  const own = parseOwn(hash)
  return own !== null && timingSafeEqual(await argon2id(password, own), own.hash)
}

/** What any other account would have taken, besides what the hash took that did not match. */
async function spendAsForOthers(
  password: string,
  { verified, iterationsMax }: { verified: string | null; iterationsMax: number },
): Promise<void> {
  if (!verified || !parseOwn(verified)) await argon2id(password, { salt: Buffer.alloc(SALT_BYTES), ...COST })
  const iterations = iterationsMax - (verified ? (legacyIterations(verified) ?? 0) : 0)
  if (iterations > 0) await pbkdf2Sha256(password, { salt: '', iterations })
}

type Argon2Cost = typeof COST & { salt: Buffer }

function parseOwn(hash: string): (Argon2Cost & { hash: Buffer }) | null {
  const match = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(hash)
  if (!match) return null
  const [, memory, passes, parallelism, salt, tag] = match as unknown as [string, string, string, string, string, string]
  const expected = Buffer.from(tag, 'base64')
  const cost = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism), tagLength: expected.length }
  return { ...cost, salt: Buffer.from(salt, 'base64'), hash: expected }
}

function parseLegacy(hash: string): { iterations: number; salt: string; hash: Buffer } | null {
  const match = /^pbkdf2_sha256\$([1-9]\d{0,6})\$([^$]+)\$([A-Za-z0-9+/]{43}=)$/.exec(hash)
  if (!match || Number(match[1]) > LEGACY_ITERATIONS_MAX) return null
  return { iterations: Number(match[1]), salt: match[2]!, hash: Buffer.from(match[3]!, 'base64') }
}

const SHA256_BYTES = 32

function argon2id(password: string, { salt, memory, passes, parallelism, tagLength }: Argon2Cost): Promise<Buffer> {
  const message = password.normalize('NFC')
  return deriveArgon2('argon2id', { message, nonce: salt, memory, passes, parallelism, tagLength })
}

/** The password as it was typed: Django brings it to no normal form. */
function pbkdf2Sha256(password: string, { salt, iterations }: { salt: string; iterations: number }): Promise<Buffer> {
  return derivePbkdf2(password, salt, iterations, SHA256_BYTES, 'sha256')
}

let hashing = 0
const waiting: (() => void)[] = []

function waitingMax(iterations: number): number {
  return iterations > 0 ? LEGACY_WAITING_MAX : HASHING_WAITING_MAX
}

async function inTurn<T>(work: () => Promise<T>, waitingMax = HASHING_WAITING_MAX): Promise<T> {
  if (hashing >= HASHING_MAX) await turn(waitingMax)
  else hashing += 1
  try {
    return await work()
  } finally {
    const next = waiting.shift()
    if (next) next()
    else hashing -= 1
  }
}

/** Whoever finishes hands its place to the next one. */
function turn(waitingMax: number): Promise<void> {
  if (waiting.length >= waitingMax)
    throw new Refusal('busy', 'Too many people are signing in. Try again in a moment.', { retryAfterMs: 2_000 })
  return new Promise((resolve) => waiting.push(resolve))
}

/** PHC strings carry base64 without padding. */
function base64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}
