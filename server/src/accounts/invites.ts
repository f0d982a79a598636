import type { Parsed } from '@belfry/protocol/commands.ts'
import type { Kysely } from 'kysely'
import { pageOf, rowsToRead } from '#lib/pages.ts'
import { Refusal } from '#lib/refusal.ts'
import type { Read } from '#store/read.ts'
import type { Invite, Tables } from '#store/schema.ts'

/** An invitation as it may be shown: without its hash. `rooms`: their ids. */
export type ShownInvite = Omit<Invite, 'hash' | 'rooms'> & { rooms: string[] }

/** invite.list: standing and ended ones, the newest first; the cursor is the last id of the page before. */
export async function listInvites(
  db: Kysely<Tables>,
  { input }: Pick<Read<Parsed<'invite.list'>>, 'input'>,
): Promise<{ items: ShownInvite[]; next: string | null }> {
  const all = db.selectFrom('invites').selectAll().orderBy('id', 'desc').limit(rowsToRead(input))
  const invites = await (input.cursor === undefined ? all : all.where('id', '<', input.cursor)).execute()
  return pageOf(invites.map(shownInvite), input, ({ id }) => id)
}

/** Undefined: there never was one. Of what it says only how often it was used changes, and whether it was revoked. */
export async function findInvite(db: Kysely<Tables>, hash: string): Promise<ShownInvite | undefined> {
  const invite = await db.selectFrom('invites').selectAll().where('hash', '=', hash).executeTakeFirst()
  return invite && shownInvite(invite)
}

/** Refusal: forbidden, when this invitation lets nobody in any more. */
export async function requireStandingInvite(db: Kysely<Tables>, { hash, now }: { hash: string; now: number }): Promise<ShownInvite> {
  const invite = await findInvite(db, hash)
  if (invite && isStanding(invite, now)) return invite
  throw new Refusal('forbidden', 'This link was used already, or is not valid any more. Ask for a new one.')
}

/** Counts one more who comes by this invitation, in the transaction that makes the account. */
export async function countUse(db: Kysely<Tables>, hash: string): Promise<void> {
  await db
    .updateTable('invites')
    .set((eb) => ({ uses: eb('uses', '+', 1) }))
    .where('hash', '=', hash)
    .execute()
}

/** Whether it still lets somebody in. */
export function isStanding({ usesMax, uses, expiresAt, revokedAt }: ShownInvite, now: number): boolean {
  return revokedAt === null && (expiresAt === null || now < expiresAt) && (usesMax === null || uses < usesMax)
}

/** Where somebody accepts it. The secret stands behind `#`: it reaches no server's log. */
export function inviteLink(url: string, secret: string): string {
  return `${url}/welcome#${secret}`
}

export function shownInvite({ hash: _, rooms, ...invite }: Invite): ShownInvite {
  return { ...invite, rooms: rooms === '' ? [] : rooms.split(' ') }
}
