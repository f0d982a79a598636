import type { Parsed } from '@belfry/protocol/commands.ts'
import { uuidv7 } from '@belfry/protocol/uuid.ts'
import { hashSecret, newSecret } from '#lib/secrets.ts'
import type { Write } from '#store/batch.ts'
import type { Tx } from '#store/tx.ts'
import { requireAdmin, topicsOfAdmin } from './actor.ts'
import { type ShownInvite, shownInvite } from './invites.ts'

/** Unless said otherwise: a link that somebody forgot must not stay open for ever. */
const LASTS_MS = 7 * 24 * 60 * 60 * 1000

/** invite.create: only the hash of the secret is stored. */
export async function createInvite(tx: Tx, { input, actor }: Write<Parsed<'invite.create'>>): Promise<ShownInvite & { secret: string }> {
  await tx.lock(...topicsOfAdmin(actor))
  await requireAdmin(tx, actor)
  const { usesMax = null, lastsMs = LASTS_MS } = input
  const secret = newSecret()
  const invite = {
    id: uuidv7(),
    hash: hashSecret(secret),
    createdAt: tx.now,
    createdBy: actor.is === 'person' ? actor.userId : null,
    usesMax,
    uses: 0,
    expiresAt: lastsMs === null ? null : tx.now + lastsMs,
    revokedAt: null,
  }
  await tx.db.insertInto('invites').values(invite).execute()
  return { ...shownInvite(invite), secret }
}
