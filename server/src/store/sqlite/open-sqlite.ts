import { CannotStart } from '#lib/cannot-start.ts'
import type { Database, DatabaseOptions } from '#store/database.ts'
import { storedEpoch } from '#store/epoch.ts'
import { openWriter } from './connection.ts'
import { databaseBytes, databasePath } from './folder.ts'
import { inlineRunner } from './inline-runner.ts'
import { migrateFile } from './migrate-file.ts'
import { Readers } from './readers.ts'
import { ThreadRunner } from './thread-runner.ts'
import { watchFile } from './watch-file.ts'

export interface SqliteOptions extends DatabaseOptions {
  folder: string
  /** A script that runs batches in a thread of its own; without it they run in place. */
  writerScript?: URL
}

/** The database in a data folder; both are made where they are missing. */
export async function openSqlite(options: SqliteOptions): Promise<Database> {
  const path = databasePath(options.folder)
  const epoch = await prepare(path)
  const { runner, ready, stop } = startRunner(path, { ...options, epoch })
  const readers = new Readers(path)
  const version = process.versions.sqlite ?? 'unknown'
  return {
    epoch,
    runner,
    laneOf: () => 'the one writer',
    read: (read) => readers.read(read),
    epochNow: storedEpoch,
    async requireWritable() {},
    facts: async () => ({ kind: 'sqlite', version, bytes: databaseBytes(options.folder) }),
    ready,
    stop,
    close: async () => readers.close(),
  }
}

/** Brings the file to this version's schema and answers its epoch. */
async function prepare(path: string): Promise<string> {
  try {
    const connection = openWriter(path)
    try {
      return await migrateFile(connection, path)
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

export function explained(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || !('errcode' in error)) return error
  const explain = SQLITE_TROUBLE[Number(error.errcode) & 0xff]
  return explain ? new CannotStart(explain(path)) : error
}

function startRunner(path: string, options: SqliteOptions & { epoch: string }): Pick<Database, 'runner' | 'ready' | 'stop'> {
  const { epoch, writes, clock, writerScript } = options
  const onMoved = () => options.onMoved?.()
  if (writerScript) {
    const runner = new ThreadRunner(writerScript, { path, epoch }, onMoved)
    return { runner, ready: () => runner.ready(), stop: () => {} }
  }
  const connection = openWriter(path)
  const stop = options.onMoved ? watchFile(connection, onMoved) : () => {}
  return { runner: inlineRunner({ connection, table: writes, now: () => clock.now(), epoch }), ready: async () => {}, stop }
}
