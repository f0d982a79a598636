import type { User } from '@belfry/protocol/rows.ts'
import { userTopic, WORKSPACE_TOPIC } from '@belfry/protocol/topics.ts'
import { Refusal } from '#lib/refusal.ts'
import type { Write } from '#store/batch.ts'
import type { Tx } from '#store/tx.ts'
import { requireOperator } from './actor.ts'
import { endSessions, sessionsOf } from './sessions.ts'
import { findUserByUsername, foldUsername } from './users.ts'

/** user.disable: the account cannot sign in any more, and is signed out everywhere at once [A4]. Its messages stay. */
export async function disableUser(tx: Tx, { input, actor }: Write<{ username: string }>): Promise<User> {
  requireOperator(actor)
  const { id } = await requireUser(tx, input.username)
  await tx.lock(userTopic(id), WORKSPACE_TOPIC)
  const user = await requireUser(tx, input.username)
  if (user.disabledAt !== null) return user
  await endSessions(tx, user.id, await sessionsOf(tx.db, user.id))
  const row = { ...user, disabledAt: tx.now }
  return tx.change(WORKSPACE_TOPIC, { kind: 'user', row, extra: { folded: foldUsername(user.username) } })
}

/** The account of this name, or a refusal that names it. */
export async function requireUser(tx: Tx, username: string): Promise<User> {
  const user = await findUserByUsername(tx.db, username)
  if (!user) throw new Refusal('not-found', `There is no account named ${username}.`)
  return user
}
