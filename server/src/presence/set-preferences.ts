import type { Parsed } from '@belfry/protocol/commands.ts'
import type { Preferences } from '@belfry/protocol/rows.ts'
import { userTopic } from '@belfry/protocol/topics.ts'
import { requirePerson, topicsOf } from '#accounts/actor.ts'
import type { Write } from '#store/batch.ts'
import type { Tx } from '#store/tx.ts'
import { preferencesOf } from './preferences.ts'

/** me.set-preferences: what is not named stays. How long is counted by the server's clock: a device's own may be wrong. */
export async function setPreferences(tx: Tx, { input, actor }: Write<Parsed<'me.set-preferences'>>): Promise<Preferences> {
  await tx.lock(...topicsOf(actor))
  const { userId } = await requirePerson(tx, actor)
  const before = await preferencesOf(tx.db, userId)
  const dndUntil = untilOf(input.dndForMs, { before: before.dndUntil, now: tx.now })
  if (dndUntil === before.dndUntil) return before
  return tx.change(userTopic(userId), { kind: 'preferences', row: { ...before, dndUntil }, extra: { userId } })
}

function untilOf(forMs: number | null | undefined, { before, now }: { before: number | null; now: number }): number | null {
  if (forMs === undefined) return before
  return forMs === null ? null : now + forMs
}
