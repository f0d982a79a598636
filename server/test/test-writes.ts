import type { Member, Room, User } from '@belfry/protocol/rows.ts'
import { roomTopic } from '@belfry/protocol/topics.ts'
import { uuidv7 } from '@belfry/protocol/uuid.ts'
import { sql } from 'kysely'
import { storeUser } from '#accounts/users.ts'
import { findMember } from '#accounts/memberships.ts'
import { endMember, storeMembers } from '#chat/members.ts'
import { writes } from '#commands.ts'
import { Refusal } from '#lib/refusal.ts'
import type { Write, WriteTable } from '#store/batch.ts'
import type { Tx } from '#store/tx.ts'

/** The server's writes, and those that make what no command makes yet. */
export const testWrites: WriteTable = {
  ...writes,
  'test.room': { one: makeRoom },
  'test.member': { one: setMember },
  'test.twice': { one: renameTwice },
  'test.purge': { one: purge },
  'test.imported': { one: importSomebody },
  'test.spoil': { one: spoilNames },
  'test.gives-password': { one: givePassword },
  'test.nothing': { one: async () => null },
  'test.refuse': { one: changeAndRefuse },
  'test.fail': { one: changeAndFail },
  'test.lose': { one: loseTransaction },
}

const NEW_ROOM = { description: '', posting: 'members' as const, history: 'whole' as const, archivedAt: null }

/** A new room, or another state of it. */
async function makeRoom(tx: Tx, { input }: Write<Pick<Room, 'id' | 'name' | 'kind'> & Partial<Pick<Room, 'history'>>>): Promise<Room> {
  return tx.change(roomTopic(input.id), { kind: 'room', row: { ...NEW_ROOM, ...input, createdAt: tx.now } })
}

/** In or out, whatever somebody was. */
async function setMember(
  tx: Tx,
  { input }: Write<{ roomId: string; userId: string; is: 'in' | 'out'; role?: Member['role'] }>,
): Promise<Member> {
  const { roomId, userId, is, role = 'member' } = input
  const before = await findMember(tx.db, roomId, userId)
  const isStanding = before?.endedAt === null
  const [member] = is === 'out' && isStanding ? [before] : await storeMembers(tx, [{ roomId, userId, role }])
  return is === 'out' ? endMember(tx, member!) : member!
}

/** Somebody of elsewhere, as an import brings them. */
async function importSomebody(tx: Tx, { input }: Write<{ username: string }>): Promise<User> {
  const { username } = input
  const profile = { username, name: username, role: 'member' as const, picture: null, importedFrom: 'irc' }
  return storeUser(tx, { id: uuidv7(), ...profile, createdAt: tx.now, disabledAt: null })
}

/** A message whose row nobody can read. */
async function spoilNames(tx: Tx, { input: { id, names } }: Write<{ id: string; names: string }>): Promise<null> {
  await tx.db
    .updateTable('messages')
    .set({ names: sql`${names}` })
    .where('id', '=', id)
    .execute()
  return null
}

/** Whoever they are. */
async function givePassword(tx: Tx, { input }: Write<{ userId: string; hash: string }>): Promise<null> {
  await tx.db.insertInto('passwords').values(input).execute()
  return null
}

async function renameTwice(tx: Tx, { input }: Write<{ id: string; names: string[] }>): Promise<Room> {
  const row = { ...NEW_ROOM, id: input.id, kind: 'open' as const, createdAt: tx.now }
  for (const name of input.names) await tx.change(roomTopic(input.id), { kind: 'room', row: { ...row, name } })
  return tx.change(roomTopic(input.id), { kind: 'room', row: { ...row, name: input.names.at(-1)! } })
}

/** Forgets a room's tombstones up to a number. */
async function purge(tx: Tx, { input }: Write<{ roomId: string; upTo: number }>): Promise<null> {
  const { roomId, upTo } = input
  const gone = tx.db.selectFrom('messages').where('roomId', '=', roomId).where('n', '<=', upTo).where('deletedAt', 'is not', null)
  const { floor } = await gone.select((eb) => eb.fn.max('changed').as('floor')).executeTakeFirstOrThrow()
  if (floor === null) return null
  const ids = tx.db
    .selectFrom('messages')
    .select('id')
    .where('roomId', '=', roomId)
    .where('n', '<=', upTo)
    .where('deletedAt', 'is not', null)
  await tx.db.deleteFrom('reactions').where('messageId', 'in', ids).execute()
  await tx.db.deleteFrom('messages').where('roomId', '=', roomId).where('n', '<=', upTo).where('deletedAt', 'is not', null).execute()
  const higher = tx.db.updateTable('topics').set({ floor }).where('topic', '=', roomTopic(roomId))
  await higher.where('floor', '<', floor).execute()
  return null
}

async function changeAndRefuse(tx: Tx, write: Write<{ id: string }>): Promise<never> {
  await renameTwice(tx, { ...write, input: { ...write.input, names: ['refused'] } })
  throw new Refusal('stale', 'No.')
}

async function changeAndFail(tx: Tx, write: Write<{ id: string }>): Promise<never> {
  await renameTwice(tx, { ...write, input: { ...write.input, names: ['failed'] } })
  throw new Error('a mistake of ours')
}

/** What SQLite does by itself when the disk fails. */
async function loseTransaction(tx: Tx): Promise<never> {
  await tx.db.executeQuery({ sql: 'ROLLBACK', parameters: [], query: { kind: 'RawNode' }, queryId: { queryId: 'rollback' } } as never)
  throw new Error('the transaction is gone')
}
