import { type CompiledQuery, type Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler, type QueryResult } from 'kysely'
import pg from 'pg'
import { UnknownCommit } from '#store/batch.ts'
import { queriesOn } from '#store/queries-on.ts'
import type { Tables } from '#store/schema.ts'

/** One connection to the server: Kysely for queries, and what Kysely cannot say. */
export interface PostgresConnection {
  readonly db: Kysely<Tables>
  exec(sql: string): Promise<void>
}

/** A writer that waits longer for another one's lock is told to come again [W7]. */
const LOCK_TIMEOUT_MS = 3_000
/** A node that stopped in the middle of a transaction holds its locks for so long. */
const IDLE_IN_TRANSACTION_MS = 5_000
const STATEMENT_TIMEOUT_MS = 15_000
/** A server that does not answer at all, because the line to it is dead. */
const ANSWERS_WITHIN_MS = STATEMENT_TIMEOUT_MS + 2_000
const CONNECTS_WITHIN_MS = 3_000
/** Idle ones beyond the last use are closed. */
const IDLE_MS = 30_000

const SETTINGS = [
  `-c lock_timeout=${LOCK_TIMEOUT_MS}`,
  `-c idle_in_transaction_session_timeout=${IDLE_IN_TRANSACTION_MS}`,
  `-c statement_timeout=${STATEMENT_TIMEOUT_MS}`,
].join(' ')

const INT8 = 20
const NUMERIC = 1700

/** Times and counters are bigint there and numbers here; sums of them are numeric. None comes near 2⁵³. */
const NUMBERS: pg.CustomTypesConfig = {
  getTypeParser: (oid: number) => (oid === INT8 || oid === NUMERIC ? Number : pg.types.getTypeParser(oid)),
}

/** So many connections at most; whoever comes later waits for one. */
export class PostgresPool {
  readonly #pool: pg.Pool
  readonly #max: number
  readonly #waiting: (() => void)[] = []
  #taken = 0

  constructor(url: string, { max }: { max: number }) {
    this.#max = max
    this.#pool = new pg.Pool({
      connectionString: url,
      max,
      types: NUMBERS,
      options: SETTINGS,
      application_name: 'belfry',
      keepAlive: true,
      connectionTimeoutMillis: CONNECTS_WITHIN_MS,
      query_timeout: ANSWERS_WITHIN_MS,
      idleTimeoutMillis: IDLE_MS,
    })
    // Of an idle connection that broke the pool lets go by itself; whoever uses one is told by the query that fails.
    this.#pool.on('error', () => {})
    this.#pool.on('connect', (client) => void client.on('error', () => {}))
  }

  /** Lends a connection; what is left of a transaction that failed is undone. Rejects when the server cannot be reached. */
  async use<T>(work: (connection: PostgresConnection) => Promise<T>): Promise<T> {
    const client = await this.#take()
    const connection: PostgresConnection = { db: dbOf(client), exec: async (sql) => void (await client.query(sql)) }
    let isBroken = false
    try {
      return await work(connection)
    } catch (error) {
      isBroken = error instanceof UnknownCommit || !(await isUndone(connection))
      throw error
    } finally {
      client.release(isBroken)
      this.#giveBack()
    }
  }

  async close(): Promise<void> {
    await this.#pool.end()
  }

  async #take(): Promise<pg.PoolClient> {
    if (this.#taken >= this.#max) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    else this.#taken += 1
    try {
      return await this.#pool.connect()
    } catch (error) {
      this.#giveBack()
      throw error
    }
  }

  /** To whoever waits longest. */
  #giveBack(): void {
    const next = this.#waiting.shift()
    if (next) next()
    else this.#taken -= 1
  }
}

/** Otherwise nobody is to have the connection again. */
async function isUndone({ exec }: PostgresConnection): Promise<boolean> {
  return exec('ROLLBACK').then(
    () => true,
    () => false,
  )
}

const dbs = new WeakMap<pg.PoolClient, Kysely<Tables>>()

function dbOf(client: pg.PoolClient): Kysely<Tables> {
  const db = dbs.get(client) ?? queriesOn(executeOn(client), DIALECT)
  dbs.set(client, db)
  return db
}

function executeOn(client: pg.PoolClient) {
  return async <Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> => {
    const { rows, rowCount, command } = await client.query(sql, parameters as unknown[])
    return command === 'SELECT' ? { rows } : { rows, numAffectedRows: BigInt(rowCount ?? 0) }
  }
}

/** Whoever migrates has begun the transaction already, and holds the lock. */
class InOpenTransaction extends PostgresAdapter {
  override get supportsTransactionalDdl(): boolean {
    return false
  }
  override async acquireMigrationLock(): Promise<void> {}
}

const DIALECT = {
  createAdapter: () => new InOpenTransaction(),
  createIntrospector: (db: Kysely<unknown>) => new PostgresIntrospector(db),
  createQueryCompiler: () => new PostgresQueryCompiler(),
}
