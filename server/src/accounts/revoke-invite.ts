import type { Parsed } from '@belfry/protocol/commands.ts'
import { Refusal } from '#lib/refusal.ts'
import type { Write } from '#store/batch.ts'
import type { Tx } from '#store/tx.ts'
import { requireAdmin, topicsOfAdmin } from './actor.ts'
import { inviterOf, type ShownInvite, showInvites } from './invites.ts'

/** invite.revoke: from this commit on it lets nobody in. Twice is no mistake. */
export async function revokeInvite(tx: Tx, { input, actor }: Write<Parsed<'invite.revoke'>>): Promise<ShownInvite> {
  await tx.lock(...topicsOfAdmin(actor))
  await requireAdmin(tx, actor)
  const invite = await tx.db.selectFrom('invites').selectAll().where('id', '=', input.id).executeTakeFirst()
  if (!invite) throw new Refusal('not-found', `There is no invitation with the id ${input.id}.`)
  const revokedAt = invite.revokedAt ?? tx.now
  await tx.db.updateTable('invites').set({ revokedAt }).where('id', '=', invite.id).execute()
  const [shown] = await showInvites(tx.db, inviterOf(actor), [{ ...invite, revokedAt }])
  return shown!
}
