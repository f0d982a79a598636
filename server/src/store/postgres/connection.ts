import { type CompiledQuery, type Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler, type QueryResult } from 'kysely'
import pg from 'pg'
import { UnknownCommit } from '#store/batch.ts'
import { queriesOn } from '#store/queries-on.ts'
import type { Tables } from '#store/schema.ts'
import { isFull, isUnreachable, NoConnection } from './trouble.ts'
import { Turnstile, WAITS_AT_MOST_MS } from './turnstile.ts'

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
export const ANSWERS_WITHIN_MS = STATEMENT_TIMEOUT_MS + 2_000
const CONNECTS_WITHIN_MS = 3_000
/** Before anything is asked of a connection, it answers within this time, or counts as dead. */
export const BEGINS_WITHIN_MS = 5_000
/** A machine that lost its power, and held locks, is noticed by the server within half a minute; a server that did, by who waits for its answer. Seconds. */
const KEEPALIVE = { idle: 10, interval: 5, count: 3 }
/** Idle ones beyond the last use are closed, but for one. */
export const IDLE_MS = 30_000
/** Where even that one broke, another is asked for so often. */
const KEEPS_EVERY_MS = 1_000

const SETTINGS = [
  `-c lock_timeout=${LOCK_TIMEOUT_MS}`,
  `-c idle_in_transaction_session_timeout=${IDLE_IN_TRANSACTION_MS}`,
  `-c statement_timeout=${STATEMENT_TIMEOUT_MS}`,
  ...Object.entries(KEEPALIVE).map(([name, value]) => `-c tcp_keepalives_${name}=${value}`),
].join(' ')

const INT8 = 20
const NUMERIC = 1700

/** Times and counters are bigint there and numbers here; sums of them are numeric. None comes near 2⁵³. */
const NUMBERS: pg.CustomTypesConfig = {
  getTypeParser: (oid: number) => (oid === INT8 || oid === NUMERIC ? Number : pg.types.getTypeParser(oid)),
}

export interface PoolOptions {
  max: number
  /** How long a statement may take; left out: as long as it takes. */
  answersWithinMs?: number
  /** Looks at a new connection before it is used; it is not, when this rejects. */
  onFresh?(connection: PostgresConnection): Promise<void>
}

/** So many connections at most; whoever comes later waits for one. */
export class PostgresPool {
  readonly #pool: pg.Pool
  readonly #turnstile: Turnstile
  readonly #onFresh: (connection: PostgresConnection) => Promise<void>
  #keeping: NodeJS.Timeout | undefined

  constructor(url: string, { max, answersWithinMs, onFresh = async () => {} }: PoolOptions) {
    this.#turnstile = new Turnstile(max)
    this.#onFresh = onFresh
    this.#pool = new pg.Pool({
      ...addressAndOptions(url),
      max,
      min: 1,
      types: NUMBERS,
      application_name: 'belfry',
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEPALIVE.idle * 1_000,
      connectionTimeoutMillis: CONNECTS_WITHIN_MS,
      ...(answersWithinMs && { query_timeout: answersWithinMs }),
      idleTimeoutMillis: IDLE_MS,
    })
    // Of an idle connection that broke the pool lets go by itself; whoever uses one is told by the query that fails.
    this.#pool.on('error', () => {})
    this.#pool.on('connect', (client) => void client.on('error', () => {}))
  }

  /** Lends a connection on which `begin` was said; what is left of a transaction that failed is undone. Rejects when the server cannot be reached. */
  async use<T>(begin: string, work: (connection: PostgresConnection) => Promise<T>): Promise<T> {
    const client = await this.#take(begin)
    try {
      return await lend(client, work)
    } finally {
      this.#turnstile.leave()
    }
  }

  /** From now on there is a connection, used or not: others may take all the rest of the server. Rejects when there is none to be had that passes the look. */
  async keepOne(look: (connection: PostgresConnection) => Promise<void>): Promise<void> {
    const opens = () =>
      this.use('BEGIN', async (connection) => {
        await look(connection)
        await connection.exec('COMMIT')
      })
    await opens()
    this.#keeping = setInterval(() => {
      // Whoever comes meanwhile is told why there is none.
      if (this.#pool.totalCount === 0) opens().catch(() => {})
    }, KEEPS_EVERY_MS).unref()
  }

  async close(): Promise<void> {
    clearInterval(this.#keeping)
    await this.#pool.end()
  }

  /** Where the server takes no more connections, those that there are serve everybody: only with none is anybody refused for it. */
  async #take(begin: string): Promise<pg.PoolClient> {
    const lateAt = performance.now() + WAITS_AT_MOST_MS
    await this.#turnstile.enter(lateAt)
    for (;;) {
      try {
        return await this.#begun(begin)
      } catch (error) {
        const others = this.#pool.totalCount
        if (!isFull(error) || others === 0 || performance.now() >= lateAt) {
          this.#turnstile.leave()
          throw error
        }
        await this.#turnstile.stepBack(others, lateAt)
      }
    }
  }

  async #begun(begin: string): Promise<pg.PoolClient> {
    const client = await this.#pool.connect()
    const isFresh = !connections.has(client)
    try {
      return await this.#begin(client, begin)
    } catch (error) {
      // One that lay idle may have been broken since: nothing was begun there.
      if (isFresh || !isUnreachable(error) || error instanceof NoConnection) throw error
    }
    return this.#begin(await this.#pool.connect(), begin)
  }

  async #begin(client: pg.PoolClient, begin: string): Promise<pg.PoolClient> {
    try {
      if (!connections.has(client)) await soon(this.#onFresh(connectionOf(client)))
      await soon(client.query(begin))
      return client
    } catch (error) {
      client.release(true)
      throw error
    }
  }
}

/** What the address itself asks of the server holds, and our own after it: `pg` would take one for the other. */
function addressAndOptions(url: string): { connectionString: string; options: string } {
  const address = new URL(url)
  const own = address.searchParams.getAll('options')
  address.searchParams.delete('options')
  return { connectionString: address.href, options: [...own, SETTINGS].join(' ') }
}

/** Rejects when that takes too long. */
async function soon(work: Promise<unknown>): Promise<void> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new NoConnection(`it did not answer within ${BEGINS_WITHIN_MS} ms`)), BEGINS_WITHIN_MS)
  try {
    await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
    work.catch(() => {})
  }
}

async function lend<T>(client: pg.PoolClient, work: (connection: PostgresConnection) => Promise<T>): Promise<T> {
  const connection = connectionOf(client)
  let isBroken = false
  try {
    return await work(connection)
  } catch (error) {
    // What is not answered any more is not asked to undo anything either.
    isBroken = error instanceof UnknownCommit || isUnreachable(error) || !(await isUndone(connection))
    throw error
  } finally {
    client.release(isBroken)
  }
}

/** Otherwise nobody is to have the connection again. */
async function isUndone({ exec }: PostgresConnection): Promise<boolean> {
  return exec('ROLLBACK').then(
    () => true,
    () => false,
  )
}

const connections = new WeakMap<pg.PoolClient, PostgresConnection>()

function connectionOf(client: pg.PoolClient): PostgresConnection {
  const held = connections.get(client)
  if (held) return held
  const connection = { db: queriesOn(executeOn(client), DIALECT), exec: async (text: string) => void (await client.query(text)) }
  connections.set(client, connection)
  return connection
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
  override async releaseMigrationLock(): Promise<void> {}
}

const DIALECT = {
  createAdapter: () => new InOpenTransaction(),
  createIntrospector: (db: Kysely<unknown>) => new PostgresIntrospector(db),
  createQueryCompiler: () => new PostgresQueryCompiler(),
}
