import { REFUSALS } from '@belfry/protocol/refusals.ts'
import { type Admitted, type Caller } from '#admit.ts'
import { writes } from '#commands.ts'
import { Refusal } from '#lib/refusal.ts'
import type { TokenBucket } from '#lib/token-bucket.ts'
import type { RunnableWrite } from '#store/batch.ts'

/** How often people, programs and addresses may do things; settings say how much. */
export interface Rates {
  /** What a person has many told of: messages, their name, their picture. */
  messages: TokenBucket
  /** All else that a person does (looking, marking), or that a stranger looks at. */
  others: TokenBucket
  /** A token a recipient. */
  notifications: TokenBucket
  /** Failures, by address and by account: guessing is slow from one place, and for one account. */
  signIns: TokenBucket
}

/** Counts a command for its caller. Refusal: rate-limited. */
export function limit(rates: Rates, { name, input, caller }: Admitted): void {
  const write: RunnableWrite | null = name in writes ? writes[name as keyof typeof writes] : null
  if (write?.weight) take(rates.notifications, keyOf(caller), write.weight(input as never))
  else take(write && isToldToMany(name) ? rates.messages : rates.others, keyOf(caller))
}

/** A name and a picture reach everybody, as a message of General does; what becomes of a room and its members reaches all of that room. */
function isToldToMany(name: string): boolean {
  if (name === 'room.read' || name === 'room.read-all') return false
  return /^(?:message|reaction|room|member|direct)\./.test(name) || name === 'me.update' || name === 'me.set-picture'
}

/** Counts a stream that somebody opens. Refusal: rate-limited. */
export function limitReader(rates: Rates, userId: string): void {
  take(rates.others, userId)
}

/**
 * Whoever is refused has guessed wrongly. Who succeeds is not counted: a whole team may sign in from behind one address; nor is who is
 * told to come again, which says nothing of what they guessed.
 */
export async function countFailures<T>({ signIns }: Rates, keys: string[], work: () => Promise<T>): Promise<T> {
  takeOfEach(signIns, keys)
  try {
    const result = await work()
    giveBackToEach(signIns, keys)
    return result
  } catch (error) {
    if (error instanceof Refusal && REFUSALS[error.body.code].again) giveBackToEach(signIns, keys)
    throw error
  }
}

function keyOf({ actor, address }: Caller): string {
  if (actor.is === 'person') return actor.userId
  return actor.is === 'program' ? actor.keyId : `address ${address}`
}

/** A token of each, or of none. */
function takeOfEach(bucket: TokenBucket, keys: string[]): void {
  for (const [at, key] of keys.entries()) {
    const retryAfterMs = bucket.take(key)
    if (retryAfterMs === 0) continue
    giveBackToEach(bucket, keys.slice(0, at))
    throw tooOften(retryAfterMs)
  }
}

function giveBackToEach(bucket: TokenBucket, keys: string[]): void {
  for (const key of keys) bucket.giveBack(key)
}

function take(bucket: TokenBucket, key: string, tokens = 1): void {
  const retryAfterMs = bucket.take(key, tokens)
  if (retryAfterMs > 0) throw tooOften(retryAfterMs)
}

function tooOften(retryAfterMs: number): Refusal {
  const seconds = Math.ceil(retryAfterMs / 1000)
  return new Refusal('rate-limited', `That was too often. Try again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`, {
    retryAfterMs,
  })
}
