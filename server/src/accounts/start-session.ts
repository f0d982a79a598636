import type { User } from '@belfry/protocol/rows.ts'
import { userTopic } from '@belfry/protocol/topics.ts'
import { uuidv7 } from '@belfry/protocol/uuid.ts'
import { Refusal } from '#lib/refusal.ts'
import type { Write } from '#store/batch.ts'
import type { Tx } from '#store/tx.ts'
import { findPasswordHash } from './password-hashes.ts'
import { endSessions, SESSION_LASTS_MS, sessionsOf } from './sessions.ts'
import { findUser } from './users.ts'

/** Beyond these the oldest is signed out. */
export const SESSIONS_MAX = 50

/** `passwordHash`: what the password was verified against; an account whose password changed meanwhile is not entered. */
export interface NewSession {
  userId: string
  tokenHash: string
  passwordHash: string
  device: string
}

/** session.start: signs a device in. Refusal: wrong-credentials, when the account was disabled or its password changed since it was verified. */
export async function startSession(tx: Tx, { input }: Write<NewSession>): Promise<{ user: User; sessionId: string }> {
  const { userId } = input
  // Disabling locks this topic too, and so does a new password.
  await tx.lock(userTopic(userId))
  const user = await findUser(tx.db, userId)
  const mayEnter = user && user.importedFrom === null && user.disabledAt === null
  if (!mayEnter || (await findPasswordHash(tx.db, userId)) !== input.passwordHash) throw wrongCredentials()

  await endSessions(tx, userId, (await sessionsOf(tx.db, userId)).slice(SESSIONS_MAX - 1))
  const row = { id: uuidv7(), device: input.device, createdAt: tx.now, usedAt: tx.now, endedAt: null }
  await tx.change(userTopic(userId), { kind: 'session', row, extra: { userId } })
  const token = { hash: input.tokenHash, sessionId: row.id, userId, expiresAt: tx.now + SESSION_LASTS_MS }
  await tx.db.insertInto('tokens').values(token).execute()
  return { user, sessionId: row.id }
}

/** One sentence for every reason: it must not tell which user names exist. */
export function wrongCredentials(): Refusal {
  return new Refusal('wrong-credentials', 'The user name or the password is wrong.')
}
