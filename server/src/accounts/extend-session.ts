import { userTopic } from '@belfry/protocol/topics.ts'
import type { Write } from '#store/batch.ts'
import type { Tx } from '#store/tx.ts'
import { EXTEND_AFTER_MS, findSession, SESSION_LASTS_MS } from './sessions.ts'

/** session.extend: a session that is used lasts on, and says so to its person's devices: at most once a day. */
export async function extendSession(tx: Tx, { input }: Write<{ userId: string; sessionId: string }>): Promise<null> {
  const { userId, sessionId } = input
  await tx.lock(userTopic(userId))
  const session = await findSession(tx.db, { userId, id: sessionId })
  if (!session || session.endedAt !== null || tx.now - session.usedAt < EXTEND_AFTER_MS) return null
  const expiresAt = tx.now + SESSION_LASTS_MS
  await tx.db.updateTable('tokens').set({ expiresAt }).where('sessionId', '=', sessionId).execute()
  await tx.change(userTopic(userId), { kind: 'session', row: { ...session, usedAt: tx.now }, extra: { userId } })
  return null
}
