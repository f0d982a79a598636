import { DatabaseSync, type StatementSync } from 'node:sqlite'
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import type { Tables } from '#store/schema.ts'

/** One connection to the file: Kysely for queries, and what Kysely cannot say. */
export interface SqliteConnection {
  readonly db: Kysely<Tables>
  exec(sql: string): void
  /** SQLite may end a transaction by itself (full disk, I/O error): only it knows. */
  inTransaction(): boolean
  /** Moves when another connection has committed, never by this one's own commits. */
  dataVersion(): number
  close(): void
}

const BUSY_TIMEOUT_MS = 5_000

export function openWriter(path: string): SqliteConnection {
  const file = open(path)
  file.exec('PRAGMA synchronous = FULL')
  return connection(file)
}

export function openReader(path: string): SqliteConnection {
  const file = open(path)
  file.exec('PRAGMA query_only = 1')
  return connection(file)
}

function open(path: string): DatabaseSync {
  const file = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS, enableForeignKeyConstraints: true })
  file.exec('PRAGMA journal_mode = WAL')
  file.exec('PRAGMA cache_size = -16000')
  return file
}

function connection(file: DatabaseSync): SqliteConnection {
  const version = file.prepare('PRAGMA data_version')
  return {
    db: new Kysely<Tables>({ dialect: dialect(new OneConnection(file)) }),
    exec: (sql) => file.exec(sql),
    inTransaction: () => file.isTransaction,
    dataVersion: () => Number(version.get()!.data_version),
    close: () => file.close(),
  }
}

function dialect(connection: OneConnection): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new OneConnectionDriver(connection),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  }
}

const STATEMENTS_MAX = 500

interface Prepared {
  statement: StatementSync
  answersRows: boolean
}

/** Runs what Kysely compiled, with prepared statements kept by their text. */
class OneConnection implements DatabaseConnection {
  readonly #file: DatabaseSync
  readonly #statements = new Map<string, Prepared>()

  constructor(file: DatabaseSync) {
    this.#file = file
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const { statement, answersRows } = this.#prepared(query.sql)
    const parameters = query.parameters as (string | number | null)[]
    if (answersRows) return { rows: statement.all(...parameters) as R[] }
    const { changes } = statement.run(...parameters)
    return { rows: [], numAffectedRows: BigInt(changes) }
  }

  streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('SQLite connections do not stream')
  }

  #prepared(sql: string): Prepared {
    const kept = this.#statements.get(sql)
    if (kept) return kept
    const statement = this.#file.prepare(sql)
    // Asking for the columns costs as much as a query.
    const prepared = { statement, answersRows: statement.columns().length > 0 }
    if (this.#statements.size >= STATEMENTS_MAX) this.#statements.clear()
    this.#statements.set(sql, prepared)
    return prepared
  }
}

/** Whoever owns the connection also owns its transactions, so the driver hands out the same one and begins nothing for others. */
class OneConnectionDriver implements Driver {
  readonly #connection: OneConnection

  constructor(connection: OneConnection) {
    this.#connection = connection
  }

  async init(): Promise<void> {}
  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection
  }
  async beginTransaction(): Promise<void> {
    await this.#connection.executeQuery(CompiledQuery.raw('BEGIN IMMEDIATE'))
  }
  async commitTransaction(): Promise<void> {
    await this.#connection.executeQuery(CompiledQuery.raw('COMMIT'))
  }
  async rollbackTransaction(): Promise<void> {
    await this.#connection.executeQuery(CompiledQuery.raw('ROLLBACK'))
  }
  async releaseConnection(): Promise<void> {}
  async destroy(): Promise<void> {}
}
