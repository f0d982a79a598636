import type { Parsed } from '@belfry/protocol/commands.ts'
import type { Member } from '@belfry/protocol/rows.ts'
import { roomTopic } from '@belfry/protocol/topics.ts'
import { type Kysely, type RawBuilder, sql } from 'kysely'
import { farness, isSought } from '#accounts/accounts.ts'
import { beginIn, type Coming, endMembership, findMember, MEMBER_COLUMNS, storeMemberships } from '#accounts/memberships.ts'
import { Refusal } from '#lib/refusal.ts'
import { pageOf, rowsToRead } from '#lib/pages.ts'
import type { Read } from '#store/read.ts'
import type { Tables } from '#store/schema.ts'
import { topicCounter } from '#store/topics.ts'
import type { Tx } from '#store/tx.ts'
import { requireSight } from './standings.ts'

/** Refusal: not-found, for whoever is no member, whatever else they are. */
export async function requireStandingMember(db: Kysely<Tables>, roomId: string, userId: string): Promise<Member> {
  const member = await findMember(db, roomId, userId)
  if (!member || member.endedAt !== null) throw new Refusal('not-found', 'There is no such member in this room.')
  return member
}

/** All who are members of it now: for rooms of few. */
export async function membersIn(db: Kysely<Tables>, roomId: string): Promise<Member[]> {
  return db.selectFrom('members').select(MEMBER_COLUMNS).where('roomId', '=', roomId).where('endedAt', 'is', null).execute()
}

/** Who is a member of the room, or was one. */
export async function everMembers(db: Kysely<Tables>, roomId: string): Promise<Set<string>> {
  const rows = await db.selectFrom('members').select('id').where('roomId', '=', roomId).execute()
  return new Set(rows.map(({ id }) => id))
}

/** Where somebody is to be a member from now on. */
export type Joining = Omit<Coming, 'posted' | 'seesAfter'>

/** Makes people members, those who had left as well, each with a place whose read marker stands at the end. Their topics and the rooms' are locked. */
export async function storeMembers(tx: Tx, joinings: Joining[]): Promise<Member[]> {
  const begins = await beginsOf(tx, joinings)
  return storeMemberships(
    tx,
    joinings.map((joining) => ({ ...joining, ...begins.get(joining.roomId)! })),
  )
}

/** Of each room: how many messages there are, and which of them a newcomer does not see. */
async function beginsOf(tx: Tx, joinings: Joining[]): Promise<Map<string, { posted: number; seesAfter: number }>> {
  const begins = new Map<string, { posted: number; seesAfter: number }>()
  for (const roomId of new Set(joinings.map((joining) => joining.roomId))) begins.set(roomId, await beginIn(tx.db, roomId))
  return begins
}

/** Ends a membership, and with it the place. The last owner of a room stays. Refusal: last-owner. */
export async function endMember(tx: Tx, member: Member): Promise<Member> {
  await requireAnotherOwner(tx.db, member)
  return endMembership(tx, member)
}

/** For an owner who is to be none any more. Roles change under the room's lock: of two who leave at once, one stays. Refusal: last-owner. */
export async function requireAnotherOwner(db: Kysely<Tables>, { id, roomId, role }: Member): Promise<void> {
  if (role !== 'owner') return
  const others = (await ownersOf(db, roomId)).filter((owner) => owner !== id)
  if (others.length === 0) throw new Refusal('last-owner', 'A room keeps an owner. Make another member one first.')
}

/** Those who can sign in. */
export async function ownersOf(db: Kysely<Tables>, roomId: string): Promise<string[]> {
  const owners = db.selectFrom('members').innerJoin('users', 'users.id', 'members.id').where('roomId', '=', roomId)
  const standing = owners.where('members.role', '=', 'owner').where('endedAt', 'is', null).where('disabledAt', 'is', null)
  return (await standing.select('members.id').execute()).map(({ id }) => id)
}

const RANK = sql<number>`CASE members.role WHEN 'owner' THEN 0 WHEN 'moderator' THEN 1 ELSE 2 END`

interface MemberPage {
  items: Member[]
  next: string | null
  total: number
  seq: number
}

/** member.list: a page of those who stand, read in the snapshot that says who may read it; the cursor is the last id of the page before [A1] [F6]. */
export async function listMembers(db: Kysely<Tables>, { input, actor }: Read<Parsed<'member.list'>>): Promise<MemberPage> {
  const { roomId, query = '' } = input
  await requireSight(db, actor.userId, roomId)
  const standing = db.selectFrom('members').innerJoin('users', 'users.id', 'members.id').where('roomId', '=', roomId)
  const named = standing.where('endedAt', 'is', null).where(isSought(query))
  const { total } = await named.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const rows = await (input.cursor === undefined ? named : named.where(isBehind(roomId, query, input.cursor)))
    .select(MEMBER_COLUMNS.map((column) => `members.${column}` as const))
    .orderBy(farness(query))
    .orderBy(RANK)
    .orderBy('users.folded')
    .limit(rowsToRead(input))
    .execute()
  const { seq } = await topicCounter(db, roomTopic(roomId))
  return { ...pageOf(rows, input, ({ id }) => id), total, seq }
}

function isBehind(roomId: string, query: string, cursor: string): RawBuilder<boolean> {
  const place = sql`${farness(query)}, ${RANK}, folded`
  const last = sql`SELECT ${place} FROM members JOIN users ON users.id = members.id WHERE "roomId" = ${roomId} AND members.id = ${cursor}`
  return sql`(${place}) > (${last})`
}
