import { DatabaseSync, type StatementSync } from 'node:sqlite'
import {
  type CompiledQuery,
  type Kysely,
  type LimitNode,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  ValueNode,
} from 'kysely'
import { type Execute, queriesOn } from '#store/queries-on.ts'
import type { Tables } from '#store/schema.ts'

/** One connection to the file: Kysely for queries, and what Kysely cannot say. */
export interface SqliteConnection {
  readonly db: Kysely<Tables>
  exec(sql: string): void
  /** Kysely whose queries run by what this makes of running one here. */
  dbThrough(runs: (execute: Execute) => Execute): Kysely<Tables>
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

/** A file that nobody writes to, and that is to stay as it is. */
export function openSealed(path: string): SqliteConnection {
  return connection(new DatabaseSync(path, { readOnly: true }))
}

/** A file that is of no use until it is complete: it keeps no journal, and whoever has filled it syncs it. */
export function openUnfinished(path: string): SqliteConnection {
  const file = new DatabaseSync(path, { enableForeignKeyConstraints: true })
  file.exec('PRAGMA journal_mode = OFF')
  file.exec('PRAGMA synchronous = OFF')
  file.exec('PRAGMA cache_size = -64000')
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
  const execute = executeOn(file)
  return {
    db: queriesOn(execute, DIALECT),
    dbThrough: (runs) => queriesOn(runs(execute), DIALECT),
    exec: (sql) => file.exec(sql),
    inTransaction: () => file.isTransaction,
    dataVersion: () => Number(version.get()!.data_version),
    close: () => file.close(),
  }
}

/** A limit stands in the statement's text: SQLite plans one with a limit that is bound anew each time, for four to seven times the cost of running it. */
class LimitsInText extends SqliteQueryCompiler {
  protected override visitLimit({ limit }: LimitNode): void {
    this.append('limit ')
    if (ValueNode.is(limit) && typeof limit.value === 'number') this.appendImmediateValue(limit.value)
    else this.visitNode(limit)
  }
}

const DIALECT = {
  createAdapter: () => new SqliteAdapter(),
  createIntrospector: (db: Kysely<unknown>) => new SqliteIntrospector(db),
  createQueryCompiler: () => new LimitsInText(),
}

const STATEMENTS_MAX = 500

interface Prepared {
  statement: StatementSync
  answersRows: boolean
}

/** Runs what Kysely compiled, with prepared statements kept by their text. */
function executeOn(file: DatabaseSync) {
  const statements = new Map<string, Prepared>()

  return async <Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> => {
    const { statement, answersRows } = prepared(sql)
    const given = parameters as (string | number | null)[]
    if (answersRows) return { rows: statement.all(...given) as Row[] }
    const { changes } = statement.run(...given)
    return { rows: [], numAffectedRows: BigInt(changes) }
  }

  function prepared(sql: string): Prepared {
    const kept = statements.get(sql)
    if (kept) return kept
    const statement = file.prepare(sql)
    // Asking for the columns costs as much as a query.
    const made = { statement, answersRows: statement.columns().length > 0 }
    if (statements.size >= STATEMENTS_MAX) statements.clear()
    statements.set(sql, made)
    return made
  }
}
