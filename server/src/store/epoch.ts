import { uuidv7 } from '@belfry/protocol/uuid.ts'
import type { Kysely } from 'kysely'
import { Refusal } from '#lib/refusal.ts'
import type { Write } from './batch.ts'
import type { Tables } from './schema.ts'
import type { Tx } from './tx.ts'

const KEY = 'epoch'
/** Stands beside it in a copy: the moment that the copy shows. */
const COPY = 'copy'

/** Which incarnation of the database this is; made with the database, and anew at the first start from a copy [F8]. In the transaction that migrates. */
export async function epochOf(db: Kysely<Tables>): Promise<string> {
  const { numDeletedRows } = await db.deleteFrom('meta').where('key', '=', COPY).executeTakeFirst()
  if (numDeletedRows > 0n) await db.deleteFrom('meta').where('key', '=', KEY).execute()
  const mine = { key: KEY, value: uuidv7() }
  await db
    .insertInto('meta')
    .values(mine)
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return storedEpoch(db)
}

export async function storedEpoch(db: Kysely<Tables>): Promise<string> {
  return (await db.selectFrom('meta').select('value').where('key', '=', KEY).executeTakeFirstOrThrow()).value
}

/** Says that this database is a copy, which shows what was there at that moment. */
export async function markCopy(db: Kysely<Tables>, moment: number): Promise<void> {
  await db.deleteFrom('meta').where('key', '=', COPY).execute()
  await db
    .insertInto('meta')
    .values({ key: COPY, value: String(moment) })
    .execute()
}

/** The moment that a copy shows; null: this is none, or a server has started from it. */
export async function momentOfCopy(db: Kysely<Tables>): Promise<number | null> {
  const found = await db.selectFrom('meta').select('value').where('key', '=', COPY).executeTakeFirst()
  return found ? Number(found.value) : null
}

/** epoch.renew: says that an older copy was put in place, so that nobody goes on from a position that this database never had. */
export async function renewEpoch(tx: Tx, { actor }: Write): Promise<string> {
  if (actor.is !== 'operator') throw new Refusal('forbidden', 'Only the operator of the server can do this.')
  const value = uuidv7()
  await tx.db.updateTable('meta').set({ value }).where('key', '=', KEY).execute()
  return value
}
