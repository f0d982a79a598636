import type { Result } from '@belfry/protocol/commands.ts'
import type { Workspace } from '@belfry/protocol/rows.ts'
import type { Kysely } from 'kysely'
import { columnsOf } from '#store/rows.ts'
import type { Tables } from '#store/schema.ts'
import { anyUser } from './users.ts'

/** The workspace's one row: settings that all see. */
export async function findWorkspace(db: Kysely<Tables>): Promise<Workspace> {
  return db
    .selectFrom('workspace')
    .select(columnsOf('workspace') as (keyof Workspace)[])
    .executeTakeFirstOrThrow()
}

/** workspace.get: what a stranger may know. */
export async function getWorkspace(db: Kysely<Tables>): Promise<Result<'workspace.get'>> {
  const { name, signUp } = await findWorkspace(db)
  return { name, signUp, isEmpty: !(await anyUser(db)) }
}
