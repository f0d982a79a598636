import type { Write } from '#store/batch.ts'
import type { Tx } from '#store/tx.ts'
import { requirePerson, topicsOf } from './actor.ts'
import { endSessions, otherSessionsOf } from './sessions.ts'

/** session.end-others: signs out everywhere else. */
export async function endOtherSessions(tx: Tx, { actor }: Write): Promise<{ ended: number }> {
  await tx.lock(...topicsOf(actor))
  const person = await requirePerson(tx, actor)
  const ended = await endSessions(tx, person.userId, await otherSessionsOf(tx.db, person))
  return { ended: ended.length }
}
