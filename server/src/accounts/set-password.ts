import type { User } from '@belfry/protocol/rows.ts'
import { userTopic } from '@belfry/protocol/topics.ts'
import type { Write } from '#store/batch.ts'
import type { Tx } from '#store/tx.ts'
import { requireOperator } from './actor.ts'
import { endSessions, sessionsOf } from './sessions.ts'
import { requireUser } from './users.ts'

/** user.password: a new password, and signed out everywhere. */
export async function setPassword(tx: Tx, { input, actor }: Write<{ username: string; passwordHash: string }>): Promise<User> {
  requireOperator(actor)
  const { id } = await requireUser(tx.db, input.username)
  await tx.lock(userTopic(id))
  const user = await requireUser(tx.db, input.username)
  const password = { userId: user.id, hash: input.passwordHash }
  await tx.db
    .insertInto('passwords')
    .values(password)
    .onConflict((conflict) => conflict.column('userId').doUpdateSet({ hash: input.passwordHash }))
    .execute()
  await endSessions(tx, user.id, await sessionsOf(tx.db, user.id))
  return user
}
