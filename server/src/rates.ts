import { type Admitted, type Caller } from '#admit.ts'
import { writes } from '#commands.ts'
import { Refusal } from '#lib/refusal.ts'
import type { TokenBucket } from '#lib/token-bucket.ts'
import type { RunnableWrite } from '#store/batch.ts'

/** How often people, programs and addresses may do things; settings say how much. */
export interface Rates {
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
  else take(write && name.startsWith('message.') ? rates.messages : rates.others, keyOf(caller))
}

/** Whoever does not succeed has guessed wrongly; who does is not counted: a whole team may sign in from behind one address. */
export async function countFailures<T>(rates: Rates, keys: string[], work: () => Promise<T>): Promise<T> {
  for (const key of keys) take(rates.signIns, key)
  const result = await work()
  for (const key of keys) rates.signIns.giveBack(key)
  return result
}

function keyOf({ actor, address }: Caller): string {
  if (actor.is === 'person') return actor.userId
  return actor.is === 'program' ? actor.keyId : `address ${address}`
}

function take(bucket: TokenBucket, key: string, tokens = 1): void {
  const retryAfterMs = bucket.take(key, tokens)
  if (retryAfterMs === 0) return
  const seconds = Math.ceil(retryAfterMs / 1000)
  throw new Refusal('rate-limited', `That was too often. Try again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`, {
    retryAfterMs,
  })
}
