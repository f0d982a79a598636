import { type Kysely, sql } from 'kysely'
import { CannotStart } from '#lib/cannot-start.ts'
import { isOlder, schemaVersion } from '#store/migrate.ts'
import type { Tables } from '#store/schema.ts'
import { creatingAnother, isStandby, nameOf, takesNoWrites } from './words.ts'

const OLDEST_VERSION = 150_000

/** Whether it could be opened, and migrated where it must be. */
export async function requireReady(db: Kysely<Tables>, url: string): Promise<void> {
  await requireSuitable(db, url)
  await requireMayMigrate(db, url)
}

/** Whether a transaction that asks for nothing else only reads there. */
export async function isReadOnly(db: Kysely<Tables>): Promise<boolean> {
  const { rows } = await sql<{ is: boolean }>`SELECT current_setting('default_transaction_read_only')::bool AS is`.execute(db)
  return rows[0]!.is
}

/** Whether Belfry can be at home there, whatever stands there already. Also in a transaction that only reads. */
export async function requireSuitable(db: Kysely<Tables>, url: string): Promise<void> {
  const { rows } = await sql<{ version: number; encoding: string; shown: string; isStandby: boolean }>`
    SELECT current_setting('server_version_num')::int AS version, current_setting('server_encoding') AS encoding, current_setting('server_version') AS shown,
    pg_is_in_recovery() AS "isStandby"`.execute(db)
  const is = rows[0]!
  if (is.version < OLDEST_VERSION) throw new CannotStart(`Belfry needs PostgreSQL 15 or newer; ${nameOf(url)} is on ${is.shown}.`)
  if (is.encoding !== 'UTF8')
    throw new CannotStart(`The database ${nameOf(url)} has the encoding ${is.encoding}. Make another one: \`${creatingAnother(url)}\`.`)
  if (is.isStandby) throw isStandby(url)
  if (await isReadOnly(db)) throw takesNoWrites(url)
}

/** Asked before the first table is made: of what fails then, the migrator tells only that the transaction is aborted. Where nothing is to be made, nothing is asked. */
export async function requireMayMigrate(db: Kysely<Tables>, url: string): Promise<void> {
  const version = await schemaVersion(db)
  if (version !== null && !isOlder(version)) return
  const { rows } = await sql<{ role: string; mayCreate: boolean | null; otherwise: string }>`
    SELECT current_user AS role, has_schema_privilege(current_schema(), 'CREATE') AS "mayCreate",
    format('ALTER DATABASE %I OWNER TO %I', current_database(), current_user) AS otherwise`.execute(db)
  const { role, mayCreate, otherwise } = rows[0]!
  const handing = version === null ? [] : await handingTablesOver(db)
  const todo = [...(mayCreate ? [] : [otherwise]), ...handing].map((command) => `\`${command}\``).join(' and ')
  if (handing.length > 0)
    throw new CannotStart(`The role ${role} may not change the tables in the database ${nameOf(url)}. Make it their owner there: ${todo}.`)
  if (!mayCreate) throw new CannotStart(`The role ${role} may not make tables in the database ${nameOf(url)}. Make it its owner: ${todo}.`)
}

/** What makes this role the owner of the tables: a right to write to them changes none. The first superuser has more than can be handed over. */
async function handingTablesOver(db: Kysely<Tables>): Promise<string[]> {
  const { rows } = await sql<{ command: string }>`
    SELECT DISTINCT CASE WHEN relowner = 10 THEN format('ALTER TABLE %I OWNER TO %I', relname, current_user)
    ELSE format('REASSIGN OWNED BY %I TO %I', pg_get_userbyid(relowner), current_user) END AS command
    FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') AND NOT pg_has_role(relowner, 'USAGE')
    AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e')
    ORDER BY command`.execute(db)
  return rows.map(({ command }) => command)
}
