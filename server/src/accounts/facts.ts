import type { Result } from '@belfry/protocol/commands.ts'
import type { Kysely } from 'kysely'
import type { Read } from '#store/read.ts'
import type { Tables } from '#store/schema.ts'

/** server.get: what the node knows of itself, and how much the database holds. */
export async function getServer(db: Kysely<Tables>, { facts }: Pick<Read, 'facts'>): Promise<Result<'server.get'>> {
  return { ...(await facts()), ...(await contentsOf(db)) }
}

/** `users`: of those who have an account; `messages`: so many were ever posted. */
export async function contentsOf(db: Kysely<Tables>): Promise<{ users: number; messages: number }> {
  const { users } = await db
    .selectFrom('users')
    .select((eb) => eb.fn.countAll<number>().as('users'))
    .where('importedFrom', 'is', null)
    .executeTakeFirstOrThrow()
  const { messages } = await db
    .selectFrom('topics')
    .select((eb) => eb.fn.sum<number | null>('posted').as('messages'))
    .executeTakeFirstOrThrow()
  return { users, messages: messages ?? 0 }
}
