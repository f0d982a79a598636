import type { Parsed } from '@belfry/protocol/commands.ts'
import type { Session } from '@belfry/protocol/rows.ts'
import { Refusal } from '#lib/refusal.ts'
import type { Write } from '#store/batch.ts'
import type { Tx } from '#store/tx.ts'
import { requirePerson, topicsOf } from './actor.ts'
import { endSessions, findSession } from './sessions.ts'

/** session.end-other: signs one of one's own devices out; twice is no mistake. Refusal: not-found, for others' devices too [A3]. */
export async function endOtherSession(tx: Tx, { input, actor }: Write<Parsed<'session.end-other'>>): Promise<Session> {
  await tx.lock(...topicsOf(actor))
  const { userId } = await requirePerson(tx, actor)
  const session = await findSession(tx.db, { userId, id: input.id })
  if (!session) throw new Refusal('not-found', 'No device of yours is signed in by this id.')
  if (session.endedAt !== null) return session
  const [ended] = await endSessions(tx, userId, [session])
  return ended!
}
