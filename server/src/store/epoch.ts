import { uuidv7 } from '@belfry/protocol/uuid.ts'
import type { Kysely } from 'kysely'
import { Refusal } from '#lib/refusal.ts'
import type { Write } from './batch.ts'
import type { Tables } from './schema.ts'
import type { Tx } from './tx.ts'

const KEY = 'epoch'
/** Stand beside it in a copy: the moment that the copy shows, and the digest of what was copied. */
const COPY = 'copy'
const COPIED = 'copied'

/** Which incarnation of the database this is; made with the database, and anew at the first start from a copy [F8]. In the transaction that migrates. */
export async function epochOf(db: Kysely<Tables>): Promise<string> {
  await db.deleteFrom('meta').where('key', '=', COPIED).execute()
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

/** What a copy says of itself. */
export interface CopyMark {
  /** What it shows is what was there then. */
  moment: number
  /** The digest of what was copied; null: it was made by a Belfry that did not say. */
  copied: string | null
}

/** Says that this database is a copy. */
export async function markCopy(db: Kysely<Tables>, { moment, copied }: { moment: number; copied: string }): Promise<void> {
  await db.deleteFrom('meta').where('key', 'in', [COPY, COPIED]).execute()
  await db
    .insertInto('meta')
    .values([
      { key: COPY, value: String(moment) },
      { key: COPIED, value: copied },
    ])
    .execute()
}

/** Null: this is no copy, or a server has started from it. */
export async function copyMark(db: Kysely<Tables>): Promise<CopyMark | null> {
  const found = await db.selectFrom('meta').selectAll().where('key', 'in', [COPY, COPIED]).execute()
  const valueOf = (of: string) => found.find(({ key }) => key === of)?.value ?? null
  const moment = valueOf(COPY)
  return moment === null ? null : { moment: Number(moment), copied: valueOf(COPIED) }
}

/** epoch.renew: says that an older copy was put in place, so that nobody goes on from a position that this database never had. */
export async function renewEpoch(tx: Tx, { actor }: Write): Promise<string> {
  if (actor.is !== 'operator') throw new Refusal('forbidden', 'Only the operator of the server can do this.')
  const value = uuidv7()
  await tx.db.updateTable('meta').set({ value }).where('key', '=', KEY).execute()
  return value
}
