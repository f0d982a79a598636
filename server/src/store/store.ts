import type { Kysely } from 'kysely'
import type { Announcement } from '#bus/announcement.ts'
import type { Write, WriteTable } from './batch.ts'
import type { Database, DatabaseFacts, DatabaseOptions } from './database.ts'
import type { Tables } from './schema.ts'
import { openSqlite } from './sqlite/open-sqlite.ts'
import { WriteQueue } from './write.ts'

export interface StoreOptions extends DatabaseOptions {
  /** Where the SQLite database is. */
  folder: string
  /** PostgreSQL instead: `postgres://…`. */
  databaseUrl?: string | null
  /** For SQLite: a script that runs batches in a thread of its own; without it they run in place. */
  writerScript?: URL
  /** After each commit, before its writes are answered. */
  onAnnouncements(announcements: Announcement[]): void
}

/** The one place where rows are read and written. */
export interface Store extends AsyncDisposable {
  /** Which incarnation of the database this is [F8]. */
  readonly epoch: string
  readonly queue: WriteQueue
  /** Commits, then announces, then answers [W1] [W2]. Rejects with a Refusal. */
  write<Result>(write: Write): Promise<Result>
  /** Runs queries on one snapshot. Rejects with a Refusal when the database cannot be reached. */
  read<T>(read: (db: Kysely<Tables>) => Promise<T>): Promise<T>
  /** The epoch of what is there now, in a snapshot of {@link read}; null: that is not known. */
  epochNow(db: Kysely<Tables>): Promise<string | null>
  /** Rejects with a Refusal where what is there now takes no writes. */
  requireWritable(): Promise<void>
  facts(): Promise<DatabaseFacts>
  /** Resolves once it takes writes, which wait until then; rejects when it never will. */
  ready(): Promise<void>
}

export async function openStore(options: StoreOptions): Promise<Store> {
  const database = await openDatabase(options)
  const queue = new WriteQueue(database.runner, {
    announcements: options.onAnnouncements,
    failure: options.onFailure,
    weigh: weigher(options.writes),
    laneOf: database.laneOf,
  })
  return {
    epoch: database.epoch,
    queue,
    write: <Result>(write: Write) => queue.add(write) as Promise<Result>,
    read: database.read,
    epochNow: database.epochNow,
    requireWritable: database.requireWritable,
    facts: database.facts,
    ready: database.ready,
    async [Symbol.asyncDispose]() {
      database.stop()
      await queue[Symbol.asyncDispose]()
      await database.close()
    },
  }
}

/** Whoever needs no PostgreSQL does not wait for its client to be loaded. */
async function openDatabase(options: StoreOptions): Promise<Database> {
  const { databaseUrl } = options
  if (!databaseUrl) return openSqlite(options)
  const { openPostgres } = await import('./postgres/open-postgres.ts')
  return openPostgres({ ...options, url: databaseUrl })
}

function weigher(table: WriteTable): (write: Write) => number {
  return ({ name, input }) => table[name]?.weight?.(input as never) ?? 1
}
