import type { Parsed } from '@belfry/protocol/commands.ts'
import type { User } from '@belfry/protocol/rows.ts'
import { WORKSPACE_TOPIC } from '@belfry/protocol/topics.ts'
import type { Write } from '#store/batch.ts'
import type { Tx } from '#store/tx.ts'
import { requirePerson, topicsOf } from './actor.ts'
import { changeUser, requireUser } from './users.ts'

/** me.update: the name that others see. */
export async function updateMe(tx: Tx, { input, actor }: Write<Parsed<'me.update'>>): Promise<User> {
  await tx.lock(...topicsOf(actor), WORKSPACE_TOPIC)
  const { userId } = await requirePerson(tx, actor)
  const user = await requireUser(tx.db, userId)
  return changeUser(tx, user, { ...user, name: input.name })
}
