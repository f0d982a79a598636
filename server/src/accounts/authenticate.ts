import type { Clock } from '#lib/clock.ts'
import { Refusal } from '#lib/refusal.ts'
import { hashSecret } from '#lib/secrets.ts'
import { Together } from '#lib/together.ts'
import type { Write } from '#store/batch.ts'
import type { Store } from '#store/store.ts'
import { findKey, KEY_PREFIX, type ShownKey } from './keys.ts'
import { EXTEND_AFTER_MS, SESSION_LASTS_MS, type SignedIn, signedInBy } from './sessions.ts'

const SESSIONS_A_LOOK = 64

/** A key's last use is kept to the hour. */
const TOUCH_AFTER_MS = 60 * 60 * 1000

export interface Asked {
  store: Store
  now: number
}

/** Finds who is signed in by a session's token, or null. After a node's end thousands come at once. */
export function findsSessions({ store, clock }: { store: Store; clock: Clock }): (token: string) => Promise<SignedIn | null> {
  const lookUp = new Together(SESSIONS_A_LOOK, async (hashes: string[]) => {
    const found = await store.read((db) => signedInBy(db, { hashes, now: clock.now() }))
    return hashes.map((hash) => found.get(hash) ?? null)
  })
  return async (token) => {
    const found = await lookUp.ask(hashSecret(token))
    if (found && found.expiresAt - clock.now() < SESSION_LASTS_MS - EXTEND_AFTER_MS)
      await note(store, { name: 'session.extend', input: { userId: found.user.id, sessionId: found.sessionId }, actor: { is: 'nobody' } })
    return found
  }
}

/** Which standing key this is, or null. */
export async function keyOfSecret({ store, now }: Asked, secret: string): Promise<ShownKey | null> {
  if (!secret.startsWith(KEY_PREFIX)) return null
  const key = await store.read((db) => findKey(db, hashSecret(secret)))
  if (key && now - (key.usedAt ?? 0) > TOUCH_AFTER_MS)
    await note(store, { name: 'key.used', input: { keyId: key.id }, actor: { is: 'nobody' } })
  return key
}

/** While nothing can be stored (a full disk, say) people must still be able to read: the next use notes it. */
async function note(store: Store, write: Write): Promise<void> {
  try {
    await store.write(write)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
  }
}
