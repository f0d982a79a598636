import type { Parsed } from '@belfry/protocol/commands.ts'
import type { Kysely } from 'kysely'
import { pageOf, rowsToRead } from '#lib/pages.ts'
import { Refusal } from '#lib/refusal.ts'
import type { Actor } from '#store/batch.ts'
import type { Invite, Tables } from '#store/schema.ts'
import { invitableBy, type Inviter, visibleTo } from './invited-rooms.ts'

/**
 * An invitation as it may be shown: without its hash. `rooms`: into which it leads now, and of which whoever looks may know; `moreRooms`: how
 * many others there are.
 */
export type ShownInvite = Omit<Invite, 'hash' | 'rooms'> & { rooms: string[]; moreRooms: number }

/** invite.list: standing and ended ones, the newest first; the cursor is the last id of the page before. */
export async function listInvites(
  db: Kysely<Tables>,
  { input, actor }: { input: Parsed<'invite.list'>; actor: Actor },
): Promise<{ items: ShownInvite[]; next: string | null }> {
  const all = db.selectFrom('invites').selectAll().orderBy('id', 'desc').limit(rowsToRead(input))
  const invites = await (input.cursor === undefined ? all : all.where('id', '<', input.cursor)).execute()
  const { items, next } = pageOf(invites, input, ({ id }) => id)
  return { items: await showInvites(db, inviterOf(actor), items), next }
}

/** Who invites, or looks: administrators, and the operator. */
export function inviterOf(actor: Actor): Inviter {
  return actor.is === 'person' ? actor.userId : null
}

/** In the same order. */
export async function showInvites(db: Kysely<Tables>, viewer: Inviter, invites: Invite[]): Promise<ShownInvite[]> {
  const leads = new Map<Inviter, Set<string>>()
  for (const [maker, made] of Map.groupBy(invites, ({ createdBy }) => createdBy))
    leads.set(maker, await invitableBy(db, maker, made.flatMap(roomsNamedIn)))
  const visible = await visibleTo(db, viewer, invites.flatMap(roomsNamedIn))
  return invites.map((invite) => {
    const { hash: _, ...shown } = invite
    const led = roomsNamedIn(invite).filter((id) => leads.get(invite.createdBy)!.has(id))
    const rooms = led.filter((id) => visible.has(id))
    return { ...shown, rooms, moreRooms: led.length - rooms.length }
  })
}

/** Which rooms an invitation names, whether it still leads there or not: they never change. Of none that there is, no rooms. */
export async function roomsNamedBy(db: Kysely<Tables>, hash: string): Promise<string[]> {
  const invite = await findInvite(db, hash)
  return invite ? roomsNamedIn(invite) : []
}

async function findInvite(db: Kysely<Tables>, hash: string): Promise<Invite | undefined> {
  return db.selectFrom('invites').selectAll().where('hash', '=', hash).executeTakeFirst()
}

function roomsNamedIn({ rooms }: Invite): string[] {
  return rooms === '' ? [] : rooms.split(' ')
}

/** With all rooms into which it leads now. Refusal: forbidden, when this invitation lets nobody in any more. */
export async function requireStandingInvite(db: Kysely<Tables>, { hash, now }: { hash: string; now: number }): Promise<ShownInvite> {
  const found = await findInvite(db, hash)
  const [invite] = found ? await showInvites(db, null, [found]) : []
  if (!invite || !isStanding(invite, now))
    throw new Refusal('forbidden', 'This link was used already, or is not valid any more. Ask for a new one.')
  if (leadsNowhere(invite)) throw new Refusal('forbidden', 'This link led guests into rooms that it opens no more. Ask for a new one.')
  return invite
}

/** Counts one more who comes by this invitation, in the transaction that makes the account. */
export async function countUse(db: Kysely<Tables>, hash: string): Promise<void> {
  await db
    .updateTable('invites')
    .set((eb) => ({ uses: eb('uses', '+', 1) }))
    .where('hash', '=', hash)
    .execute()
}

/** Whether it is neither revoked, nor expired, nor used up. */
export function isStanding({ usesMax, uses, expiresAt, revokedAt }: ShownInvite, now: number): boolean {
  return revokedAt === null && (expiresAt === null || now < expiresAt) && (usesMax === null || uses < usesMax)
}

/** Whether whoever accepted it would see nothing: a guest is in no room but those that it leads into. */
export function leadsNowhere({ role, rooms, moreRooms }: ShownInvite): boolean {
  return role === 'guest' && rooms.length + moreRooms === 0
}

/** Where somebody accepts it. The secret stands behind `#`: it reaches no server's log. */
export function inviteLink(url: string, secret: string): string {
  return `${url}/welcome#${secret}`
}
