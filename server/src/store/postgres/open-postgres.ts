import { createHash } from 'node:crypto'
import { Refusal } from '#lib/refusal.ts'
import { type Kysely, sql } from 'kysely'
import type { Database, DatabaseFacts, DatabaseOptions } from '#store/database.ts'
import { tablesAt } from '#store/copies/tables.ts'
import { copyMark, epochOf, storedEpoch } from '#store/epoch.ts'
import { knowsVersion, migrate, schemaVersion } from '#store/migrate.ts'
import type { Tables } from '#store/schema.ts'
import { ANSWERS_WITHIN_MS, type PostgresConnection, PostgresPool } from './connection.ts'
import { lanesOf } from './lanes.ts'
import { runBatch } from './run-batch.ts'
import { isReadOnly, requireMayMigrate, requireSuitable } from './suitable.ts'
import { isHeld, isUnreachable, NoConnection } from './trouble.ts'
import { explained, isStandby, nameOf } from './words.ts'

export interface PostgresOptions extends DatabaseOptions {
  url: string
}

/** Of one node: a server that nobody has tuned takes 100 connections. */
const WRITERS_MAX = 8
const READERS_MAX = 8
const AGAIN_MS = 1_000

/** The database of a server that several nodes may share. */
export async function openPostgres(options: PostgresOptions): Promise<Database> {
  const { url, writes, clock } = options
  const epoch = await prepare(options)
  const newest = new Newest()
  const onFresh = async ({ db }: PostgresConnection) => {
    await requireSame(db, { ...options, epoch })
    await newest.look(db)
  }
  const pool = (max: number) => new PostgresPool(url, { max, answersWithinMs: ANSWERS_WITHIN_MS, onFresh })
  const [writers, readers] = [pool(WRITERS_MAX), pool(READERS_MAX)]
  await keepWriter(writers, url)
  const laneOf = lanesOf(writes)
  const context = { pool: writers, table: writes, now: () => clock.now(), epoch, laneOf }
  return {
    epoch,
    runner: {
      run: (batch, takeMore) => runBatch(context, batch, takeMore),
      close: () => writers.close(),
    },
    laneOf,
    read: (read) => readIn(readers, read),
    epochNow: incarnationOf,
    requireWritable: () => requireWritable(readers, newest),
    // Asked for within a read: among the writers, so that readers never wait for each other.
    facts: () => readIn(writers, factsOf),
    async ready() {},
    stop() {},
    close: () => readers.close(),
  }
}

/** A quiet node writes as any other once somebody comes; the worker's looks see to readers. */
async function keepWriter(writers: PostgresPool, url: string): Promise<void> {
  try {
    await writers.keepOne(({ db }) => requireTakingWrites(db))
  } catch (error) {
    await writers.close()
    throw explained(error, url)
  }
}

/** Not a single statement runs on another incarnation than the one that was opened [F8]. */
async function requireSame(db: Kysely<Tables>, { epoch, onReplaced }: PostgresOptions & { epoch: string }): Promise<void> {
  const found = await incarnationOf(db).catch((error: unknown) => {
    throw isUnreachable(error) ? error : new NoConnection('what is there cannot be read', { cause: error })
  })
  if (found === epoch) return
  if (found !== null) onReplaced?.()
  throw new NoConnection(found === null ? 'it is a standby' : 'it is another database than the one that was opened')
}

/** Some settings hold for new connections alone: what the one says that was opened last holds for whatever is opened next. */
class Newest {
  isReadOnly = false
  /** How many were opened. */
  opened = 0
  #told = 0

  async look(db: Kysely<Tables>): Promise<void> {
    const nth = (this.opened += 1)
    const is = await isReadOnly(db)
    if (nth > this.#told) [this.#told, this.isReadOnly] = [nth, is]
  }
}

class TakesNoWrites extends NoConnection {
  constructor() {
    super('it takes no writes')
  }
}

async function requireTakingWrites(db: Kysely<Tables>): Promise<void> {
  if (await isReadOnly(db)) throw new TakesNoWrites()
}

/** What lay there from before may say what holds no longer: it is given up, and the next one asked, until one was opened for it. */
async function requireWritable(readers: PostgresPool, newest: Newest): Promise<void> {
  for (;;) {
    const { opened } = newest
    try {
      return await readIn(readers, async (db) => {
        if (newest.isReadOnly) throw new TakesNoWrites()
        await requireTakingWrites(db)
      })
    } catch (error) {
      const isOld = error instanceof Refusal && error.cause instanceof TakesNoWrites && newest.opened === opened
      if (!isOld) throw error
    }
  }
}

/** One snapshot, on the primary: only there is everything that was committed [F2]. */
async function readIn<T>(pool: PostgresPool, read: (db: Kysely<Tables>) => Promise<T>): Promise<T> {
  try {
    return await pool.use('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', async (connection) => {
      const result = await read(connection.db)
      await connection.exec('COMMIT')
      return result
    })
  } catch (error) {
    throw refusalOfRead(error) ?? error
  }
}

/** What passes is said to pass. Null: it is a mistake of ours, or a refusal already. */
function refusalOfRead(error: unknown): Refusal | null {
  const again = { retryAfterMs: AGAIN_MS, cause: error }
  if (isUnreachable(error)) return new Refusal('unavailable', 'The database cannot be reached. Try again in a moment.', again)
  return isHeld(error) ? new Refusal('busy', 'Another program holds the database. Try again in a moment.', again) : null
}

async function factsOf(db: Kysely<Tables>): Promise<DatabaseFacts> {
  const { rows } = await sql<{ version: string; bytes: number }>`
    SELECT current_setting('server_version') AS version, pg_database_size(current_database()) AS bytes`.execute(db)
  return { kind: 'postgres', ...rows[0]! }
}

/** Any number: those who migrate Belfry's database ask for this one. */
export const MIGRATION_LOCK = 1_112_297_554
const EPOCH_LENGTH = 32

/** Brings the database to this version's schema, one node at a time, and answers its epoch. */
function prepare(options: PostgresOptions): Promise<string> {
  return inLongTransaction(options.url, 'BEGIN', (connection) => migrated(connection, options))
}

/** On a connection of its own, which may take as long as it takes. What was not committed goes with it. */
export async function inLongTransaction<T>(url: string, begin: string, work: (connection: PostgresConnection) => Promise<T>): Promise<T> {
  const pool = new PostgresPool(url, { max: 1 })
  try {
    return await pool.use(begin, async (connection) => {
      await connection.exec(
        'SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0',
      )
      return work(connection)
    })
  } catch (error) {
    throw explained(error, url)
  } finally {
    await pool.close()
  }
}

async function migrated(connection: PostgresConnection, { url, mayBeNewer = false }: PostgresOptions): Promise<string> {
  await requireSuitable(connection.db, url)
  await connection.exec(`SELECT pg_advisory_xact_lock(${MIGRATION_LOCK})`)
  await requireMayMigrate(connection.db, url)
  await migrate(connection.db, { database: nameOf(url), otherwise: 'set DATABASE_URL to another database', mayBeNewer })
  await compareByBytes(connection)
  await epochOf(connection.db)
  const epoch = await incarnationOf(connection.db)
  if (epoch === null) throw isStandby(url)
  await connection.exec('COMMIT')
  return epoch
}

/**
 * A server that was restored to a point in time, or whose standby took over, may lack what was told already: it counts as another one [F8].
 * Null: it is a standby, and its timeline another server's.
 */
async function incarnationOf(db: Kysely<Tables>): Promise<string | null> {
  const { rows } = await sql<{ server: string | null }>`
    SELECT CASE WHEN pg_is_in_recovery() THEN NULL ELSE system_identifier || ' ' || left(pg_walfile_name(pg_current_wal_lsn()), 8) END AS server
    FROM pg_control_system()`.execute(db)
  const { server } = rows[0]!
  if (server === null) return null
  // A copy that nobody has started from still has the epoch of what it shows.
  const of = `${await storedEpoch(db)} ${(await copyMark(db))?.moment ?? null} ${server}`
  return createHash('sha256').update(of).digest('hex').slice(0, EPOCH_LENGTH)
}

/** Texts of Belfry's own tables are compared byte by byte, as SQLite does and our own code: whatever language the server was set up for. */
export async function compareByBytes({ db, exec }: PostgresConnection): Promise<void> {
  const { rows } = await sql<{ table: string; column: string }>`
    SELECT table_name AS "table", column_name AS "column" FROM information_schema.columns
    WHERE table_schema = current_schema() AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'`.execute(db)
  const byTable = Map.groupBy(rows, ({ table }) => table)
  // After the first start nothing is left to do, unless others keep tables or views beside ours: those are not touched.
  const version = byTable.size > 0 ? await schemaVersion(db) : null
  // A newer Belfry has seen to its own.
  const own = version !== null && knowsVersion(version) ? await tablesAt(version) : []
  for (const { name } of own) {
    const columns = byTable.get(name)
    if (columns)
      await exec(`ALTER TABLE "${name}" ${columns.map(({ column }) => `ALTER COLUMN "${column}" TYPE text COLLATE "C"`).join(', ')}`)
  }
}
