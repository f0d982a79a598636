import { uuidv7 } from '@belfry/protocol/uuid.ts'
import type { Kysely } from 'kysely'
import { Refusal } from '#lib/refusal.ts'
import type { Write } from './batch.ts'
import type { Tables } from './schema.ts'
import type { Tx } from './tx.ts'

const KEY = 'epoch'

/** Which incarnation of the database this is; made with the database [F8]. */
export async function epochOf(db: Kysely<Tables>): Promise<string> {
  const mine = { key: KEY, value: uuidv7() }
  await db
    .insertInto('meta')
    .values(mine)
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const { value } = await db.selectFrom('meta').select('value').where('key', '=', KEY).executeTakeFirstOrThrow()
  return value
}

/** epoch.renew: says that an older copy was put in place, so that nobody goes on from a position that this database never had. */
export async function renewEpoch(tx: Tx, { actor }: Write): Promise<string> {
  if (actor.is !== 'operator') throw new Refusal('forbidden', 'Only the operator of the server can do this.')
  const value = uuidv7()
  await tx.db.updateTable('meta').set({ value }).where('key', '=', KEY).execute()
  return value
}
