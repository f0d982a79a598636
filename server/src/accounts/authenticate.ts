import { Refusal } from '#lib/refusal.ts'
import { hashSecret } from '#lib/secrets.ts'
import type { Write } from '#store/batch.ts'
import type { Store } from '#store/store.ts'
import { findKey, KEY_PREFIX, type ShownKey } from './keys.ts'
import { EXTEND_AFTER_MS, findSignedIn, SESSION_LASTS_MS, type SignedIn } from './sessions.ts'

/** A key's last use is kept to the hour. */
const TOUCH_AFTER_MS = 60 * 60 * 1000

export interface Asked {
  store: Store
  now: number
}

/** Who is signed in by a session's token, or null. */
export async function sessionOfToken({ store, now }: Asked, token: string): Promise<SignedIn | null> {
  const tokenHash = hashSecret(token)
  const found = await store.read((db) => findSignedIn(db, { hash: tokenHash, now }))
  if (found && found.expiresAt - now < SESSION_LASTS_MS - EXTEND_AFTER_MS)
    await note(store, { name: 'session.extend', input: { userId: found.user.id, sessionId: found.sessionId }, actor: { is: 'nobody' } })
  return found
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
