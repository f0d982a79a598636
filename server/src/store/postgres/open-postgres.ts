import { createHash } from 'node:crypto'
import { CannotStart } from '#lib/cannot-start.ts'
import { Refusal } from '#lib/refusal.ts'
import { type Kysely, sql } from 'kysely'
import { hasBatchForm, type Write } from '#store/batch.ts'
import type { Database, DatabaseFacts, DatabaseOptions } from '#store/database.ts'
import { epochOf } from '#store/epoch.ts'
import { migrate } from '#store/migrate.ts'
import type { Tables } from '#store/schema.ts'
import { type PostgresConnection, PostgresPool } from './connection.ts'
import { runBatch } from './run-batch.ts'
import { isUnreachable } from './trouble.ts'

export interface PostgresOptions extends DatabaseOptions {
  url: string
}

/** Of one node: a server that nobody has tuned takes 100 connections. */
const WRITERS_MAX = 8
const READERS_MAX = 8
const AGAIN_MS = 1_000

/** The database of a server that several nodes may share. */
export async function openPostgres({ url, writes, clock }: PostgresOptions): Promise<Database> {
  const writers = new PostgresPool(url, { max: WRITERS_MAX })
  const readers = new PostgresPool(url, { max: READERS_MAX })
  const close = async () => void (await Promise.all([writers.close(), readers.close()]))
  const epoch = await prepare(writers, url).catch(async (error: unknown) => {
    await close()
    throw explained(error, url)
  })
  let alone = 0
  return {
    epoch,
    runner: {
      run: (batch) => runBatch({ pool: writers, table: writes, now: () => clock.now(), epoch }, batch),
      close: () => writers.close(),
    },
    laneOf: (write) => laneOf(write) ?? `${(alone += 1)}`,
    read: (read) => readIn(readers, read),
    // Asked for within a read: among the writers, so that readers never wait for each other.
    facts: () => readIn(writers, factsOf),
    stop() {},
    close: () => readers.close(),
  }

  /** Those that one statement can store share a lane; every other write has one of its own. */
  function laneOf(write: Write): string | null {
    return hasBatchForm(writes, write) ? `${write.name} ${writes[write.name]!.topic!(write.input as never)}` : null
  }
}

/** One snapshot, on the primary: only there is everything that was committed [F2]. */
async function readIn<T>(pool: PostgresPool, read: (db: Kysely<Tables>) => Promise<T>): Promise<T> {
  try {
    return await pool.use(async (connection) => {
      await connection.exec('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
      const result = await read(connection.db)
      await connection.exec('COMMIT')
      return result
    })
  } catch (error) {
    throw isUnreachable(error)
      ? new Refusal('unavailable', 'The database cannot be reached. Try again in a moment.', { retryAfterMs: AGAIN_MS })
      : error
  }
}

async function factsOf(db: Kysely<Tables>): Promise<DatabaseFacts> {
  const { rows } = await sql<{ version: string; bytes: number }>`
    SELECT current_setting('server_version') AS version, pg_database_size(current_database()) AS bytes`.execute(db)
  return { kind: 'postgres', ...rows[0]! }
}

/** Any number: those who migrate Belfry's database ask for this one. */
export const MIGRATION_LOCK = 1_112_297_554
const OLDEST_VERSION = 150_000
const EPOCH_LENGTH = 32

/** Brings the database to this version's schema, one node at a time, and answers its epoch. */
async function prepare(pool: PostgresPool, url: string): Promise<string> {
  return pool.use(async (connection) => {
    await connection.exec('BEGIN')
    await connection.exec(`SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0`)
    await requireSuitable(connection.db, url)
    await connection.exec(`SELECT pg_advisory_xact_lock(${MIGRATION_LOCK})`)
    await migrate(connection.db, { database: nameOf(url), otherwise: 'set DATABASE_URL to another database' })
    await compareByBytes(connection)
    const epoch = await incarnationOf(connection.db)
    await connection.exec('COMMIT')
    return epoch
  })
}

/** A server that was restored to a point in time, or whose standby took over, may lack what was told already: it counts as another one [F8]. */
async function incarnationOf(db: Kysely<Tables>): Promise<string> {
  const { rows } = await sql<{ server: string }>`
    SELECT system_identifier || ' ' || left(pg_walfile_name(pg_current_wal_lsn()), 8) AS server FROM pg_control_system()`.execute(db)
  const of = `${await epochOf(db)} ${rows[0]!.server}`
  return createHash('sha256').update(of).digest('hex').slice(0, EPOCH_LENGTH)
}

export async function requireSuitable(db: Kysely<Tables>, url: string): Promise<void> {
  const { rows } = await sql<{ version: number; encoding: string; shown: string }>`
    SELECT current_setting('server_version_num')::int AS version, current_setting('server_encoding') AS encoding, current_setting('server_version') AS shown`.execute(
    db,
  )
  const { version, encoding, shown } = rows[0]!
  if (version < OLDEST_VERSION) throw new CannotStart(`Belfry needs PostgreSQL 15 or newer; ${nameOf(url)} is on ${shown}.`)
  if (encoding !== 'UTF8')
    throw new CannotStart(
      `The database ${nameOf(url)} has the encoding ${encoding}. Make one with: CREATE DATABASE belfry ENCODING 'UTF8' TEMPLATE template0`,
    )
}

/** Texts are compared byte by byte, as SQLite does and our own code: whatever language the server was set up for. */
export async function compareByBytes({ db, exec }: PostgresConnection): Promise<void> {
  const { rows } = await sql<{ table: string; column: string }>`
    SELECT table_name AS "table", column_name AS "column" FROM information_schema.columns
    WHERE table_schema = current_schema() AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'`.execute(db)
  const byTable = Map.groupBy(rows, ({ table }) => table)
  for (const [table, columns] of byTable)
    await exec(`ALTER TABLE "${table}" ${columns.map(({ column }) => `ALTER COLUMN "${column}" TYPE text COLLATE "C"`).join(', ')}`)
}

/** The server and the database; never the password. */
export function nameOf(url: string): string {
  const { host, pathname } = new URL(url)
  return `${pathname.slice(1)} at ${host}`
}

export function explained(error: unknown, url: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const at = `DATABASE_URL: ${nameOf(url)}`
  if (code === '28P01' || code === '28000') return new CannotStart(`${at} refuses this user or password (${(error as Error).message}).`)
  if (code === '3D000')
    return new CannotStart(`${at} does not exist. Make it with: createdb --encoding=UTF8 ${new URL(url).pathname.slice(1)}`)
  if (code === '53100') return new CannotStart(`${at}: the disk of the server is full.`)
  if (code === '42501') return new CannotStart(`${at}: this user may not make tables there (${(error as Error).message}).`)
  return isUnreachable(error)
    ? new CannotStart(`${at} cannot be reached (${(error as Error).message || code}). Start PostgreSQL, or set another address.`)
    : error
}
