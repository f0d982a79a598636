import type { User } from '@belfry/protocol/rows.ts'
import { userTopic, WORKSPACE_TOPIC } from '@belfry/protocol/topics.ts'
import type { Write } from '#store/batch.ts'
import type { Tx } from '#store/tx.ts'
import { requireOperator } from './actor.ts'
import { endSessions, sessionsOf } from './sessions.ts'
import { foldUsername, requireUser } from './users.ts'

/** user.disable: the account cannot sign in any more, and is signed out everywhere at once [A4]. Its messages stay. */
export async function disableUser(tx: Tx, { input, actor }: Write<{ username: string }>): Promise<User> {
  requireOperator(actor)
  const { id } = await requireUser(tx.db, input.username)
  await tx.lock(userTopic(id), WORKSPACE_TOPIC)
  const user = await requireUser(tx.db, input.username)
  if (user.disabledAt !== null) return user
  await endSessions(tx, user.id, await sessionsOf(tx.db, user.id))
  const row = { ...user, disabledAt: tx.now }
  return tx.change(WORKSPACE_TOPIC, { kind: 'user', row, extra: { folded: foldUsername(user.username) } })
}
