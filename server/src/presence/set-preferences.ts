import type { Parsed } from '@belfry/protocol/commands.ts'
import type { Preferences } from '@belfry/protocol/rows.ts'
import { userTopic } from '@belfry/protocol/topics.ts'
import { requirePerson, topicsOf } from '#accounts/actor.ts'
import type { Write } from '#store/batch.ts'
import type { Tx } from '#store/tx.ts'
import { preferencesOf } from './preferences.ts'

/** me.set-preferences: the same again changes nothing. How long is counted by the server's clock: a device's own may be wrong. */
export async function setPreferences(tx: Tx, { input, actor }: Write<Parsed<'me.set-preferences'>>): Promise<Preferences> {
  await tx.lock(...topicsOf(actor))
  const { userId } = await requirePerson(tx, actor)
  const before = await preferencesOf(tx.db, userId)
  const dndUntil = input.dndForMs === null ? null : tx.now + input.dndForMs
  if (dndUntil === before.dndUntil) return before
  return tx.change(userTopic(userId), { kind: 'preferences', row: { ...before, dndUntil }, extra: { userId } })
}
