import type { Write } from '#store/batch.ts'
import type { Tx } from '#store/tx.ts'
import { requirePerson, topicsOf } from './actor.ts'
import { endSessions, sessionsOf } from './sessions.ts'

/** session.end: signs this device out. */
export async function endSession(tx: Tx, { actor }: Write): Promise<null> {
  await tx.lock(...topicsOf(actor))
  const { userId, sessionId } = await requirePerson(tx, actor)
  const sessions = await sessionsOf(tx.db, userId)
  await endSessions(
    tx,
    userId,
    sessions.filter((session) => session.id === sessionId),
  )
  return null
}
