import type { Parsed } from '@belfry/protocol/commands.ts'
import { roomTopic } from '@belfry/protocol/topics.ts'
import { uuidv7 } from '@belfry/protocol/uuid.ts'
import { Refusal } from '#lib/refusal.ts'
import { hashSecret, newSecret } from '#lib/secrets.ts'
import type { Write } from '#store/batch.ts'
import type { Tx } from '#store/tx.ts'
import { requireAdmin, topicsOfAdmin } from './actor.ts'
import { requireInvitable } from './invited-rooms.ts'
import { inviterOf, type ShownInvite, showInvites } from './invites.ts'

/** Unless said otherwise: a link that somebody forgot must not stay open for ever. */
const LASTS_MS = 7 * 24 * 60 * 60 * 1000

/** invite.create: only the hash of the secret is stored. Refusals: malformed, for a guest without a room; not-found, forbidden, archived, of the rooms. */
export async function createInvite(tx: Tx, { input, actor }: Write<Parsed<'invite.create'>>): Promise<ShownInvite & { secret: string }> {
  const { role = 'member', rooms = [], usesMax = null, lastsMs = LASTS_MS } = input
  await tx.lock(...topicsOfAdmin(actor), ...rooms.map(roomTopic))
  await requireAdmin(tx, actor)
  if (role === 'guest' && rooms.length === 0)
    throw new Refusal('malformed', 'A guest sees the rooms alone that you name: name one at least.')
  const createdBy = inviterOf(actor)
  await requireInvitable(tx.db, createdBy, rooms)
  const secret = newSecret()
  const invite = {
    id: uuidv7(),
    hash: hashSecret(secret),
    createdAt: tx.now,
    createdBy,
    role,
    rooms: [...new Set(rooms)].join(' '),
    usesMax,
    uses: 0,
    expiresAt: lastsMs === null ? null : tx.now + lastsMs,
    revokedAt: null,
  }
  await tx.db.insertInto('invites').values(invite).execute()
  const [shown] = await showInvites(tx.db, createdBy, [invite])
  return { ...shown!, secret }
}
