import type { Kysely } from 'kysely'
import { CannotStart } from '#lib/cannot-start.ts'
import type { Clock } from '#lib/clock.ts'
import type { Announcement } from '#bus/announcement.ts'
import type { Write, WriteTable } from './batch.ts'
import { openWriter } from './dialects/sqlite.ts'
import { epochOf } from './epoch.ts'
import { databasePath } from './folder.ts'
import { inlineRunner } from './inline-runner.ts'
import { migrate } from './migrate.ts'
import { Readers } from './readers.ts'
import type { Tables } from './schema.ts'
import { ThreadRunner } from './thread-runner.ts'
import { watchFile } from './watch-file.ts'
import { type BatchRunner, WriteQueue } from './write.ts'

export interface StoreOptions {
  folder: string
  writes: WriteTable
  clock: Clock
  /** A script that runs batches in a thread of its own; without it they run in place. */
  writerScript?: URL
  /** After each commit, before its writes are answered. */
  onAnnouncements(announcements: Announcement[]): void
  /** Another process has committed to the file. */
  onMoved?(): void
  /** A mistake of ours or of the disk, in words for the log. */
  onFailure(failure: string): void
}

/** The one place where rows are read and written. */
export interface Store extends AsyncDisposable {
  /** Which incarnation of the database this is [F8]. */
  readonly epoch: string
  readonly queue: WriteQueue
  /** Commits, then announces, then answers [W1] [W2]. Rejects with a Refusal. */
  write<Result>(write: Write): Promise<Result>
  /** Runs queries on one snapshot. */
  read<T>(read: (db: Kysely<Tables>) => Promise<T>): Promise<T>
}

export async function openStore(options: StoreOptions): Promise<Store> {
  const path = databasePath(options.folder)
  const epoch = await prepare(path)
  const { runner, stop } = await startRunner(path, { ...options, epoch })
  const queue = new WriteQueue(runner, {
    announcements: options.onAnnouncements,
    failure: options.onFailure,
    weigh: weigher(options.writes),
  })
  const readers = new Readers(path)
  return {
    epoch,
    queue,
    write: <Result>(write: Write) => queue.add(write) as Promise<Result>,
    read: (read) => readers.read(read),
    async [Symbol.asyncDispose]() {
      stop()
      await queue[Symbol.asyncDispose]()
      readers.close()
    },
  }
}

function weigher(table: WriteTable): (write: Write) => number {
  return ({ name, input }) => table[name]?.weight?.(input as never) ?? 1
}

/** Brings the file to this version's schema and answers its epoch. */
async function prepare(path: string): Promise<string> {
  try {
    const connection = openWriter(path)
    try {
      await migrate(connection, path)
      return await epochOf(connection.db)
    } finally {
      connection.close()
    }
  } catch (error) {
    throw explained(error, path)
  }
}

const SQLITE_TROUBLE: Record<number, (path: string) => string> = {
  5: (path) => `The database ${path} stays locked by another program. Close it and try again.`,
  8: (path) => `The database ${path} cannot be written to. Set DATA_DIR to a folder that this user owns.`,
  11: (path) => `The database ${path} is damaged. Put a backup in its place.`,
  13: (path) => `The disk that holds ${path} is full. Make room and try again.`,
  14: (path) => `The database ${path} cannot be opened. Set DATA_DIR to a folder that this user owns.`,
  26: (path) => `${path} is not a database, or is damaged. Put a backup in its place, or move it away to begin anew.`,
}

function explained(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || !('errcode' in error)) return error
  const explain = SQLITE_TROUBLE[Number(error.errcode) & 0xff]
  return explain ? new CannotStart(explain(path)) : error
}

async function startRunner(path: string, options: StoreOptions & { epoch: string }): Promise<{ runner: BatchRunner; stop(): void }> {
  const { epoch, writes, clock, writerScript } = options
  const onMoved = () => options.onMoved?.()
  if (writerScript) {
    const runner = new ThreadRunner(writerScript, { path, epoch }, onMoved)
    await runner.open()
    return { runner, stop: () => {} }
  }
  const connection = openWriter(path)
  const stop = options.onMoved ? watchFile(connection, onMoved) : () => {}
  return { runner: inlineRunner({ connection, table: writes, now: () => clock.now(), epoch }), stop }
}
