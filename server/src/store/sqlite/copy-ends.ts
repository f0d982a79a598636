import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Kysely } from 'kysely'
import { CannotStart } from '#lib/cannot-start.ts'
import type { Place, Source, Target } from '#store/copies/ends.ts'
import { copyMark } from '#store/epoch.ts'
import { migrateTo, schemaVersion } from '#store/migrate.ts'
import type { Execute } from '#store/queries-on.ts'
import type { Tables } from '#store/schema.ts'
import { openReader, openSealed, openUnfinished, openWriter, type SqliteConnection } from './connection.ts'
import { lockFolder, OWNER_ONLY_FILE, pathForDatabase, presentDatabase, unfinishedPath } from './folder.ts'
import { explained } from './open-sqlite.ts'

/** The database of a folder, also while a server writes to it. */
export function fromFolder(folder: string): Source {
  const path = presentDatabase(folder)
  return { name: path, read: (work) => reading(path, { open: openReader, begin: 'BEGIN' }, work) }
}

/** The database of a folder to which nobody writes meanwhile, no server and no command. */
export function fromStoppedFolder(folder: string): Source {
  const path = presentDatabase(folder)
  return {
    name: path,
    async read(work) {
      using _lock = lockFolder(folder)
      return await reading(path, { open: openWriter, begin: 'BEGIN IMMEDIATE' }, work)
    },
  }
}

/** A backup. */
export function fromFile(path: string): Source {
  if (!existsSync(path)) throw new CannotStart(`There is no file ${path}.`)
  if (statSync(path).isDirectory()) throw new CannotStart(`${path} is a folder: a backup is one file.`)
  return {
    name: path,
    read: (work) =>
      reading(path, { open: openSealed, begin: 'BEGIN', explain: damaged }, async (db) => {
        const isBackup = (await schemaVersion(db)) !== null && (await copyMark(db)) !== null
        if (!isBackup) throw new CannotStart(`${path} is no backup that \`belfry backup\` has made.`)
        return work(db)
      }),
  }
}

interface Opening {
  open(path: string): SqliteConnection
  begin: string
  explain?(error: unknown, path: string): unknown
}

async function reading<T>(
  path: string,
  { open, begin, explain = explained }: Opening,
  work: (db: Kysely<Tables>) => Promise<T>,
): Promise<T> {
  let connection: SqliteConnection | null = null
  let isBegun = false
  const thrown = new WeakSet<object>()
  try {
    connection = open(path)
    connection.exec(begin)
    isBegun = true
    return await work(connection.dbThrough(noting(thrown)))
  } catch (error) {
    // What the target throws says nothing of what is read.
    throw isBegun && !(error instanceof Error && thrown.has(error)) ? error : explain(error, path)
  } finally {
    connection?.close()
  }
}

/** Keeps in mind what queries have failed with. */
function noting(thrown: WeakSet<object>): (execute: Execute) => Execute {
  return (execute) => async (query) => {
    try {
      return await execute(query)
    } catch (error) {
      if (error instanceof Error) thrown.add(error)
      throw error
    }
  }
}

const SQLITE_READONLY = 8
const SQLITE_CANTOPEN = 14
/** SQLITE_ERROR, of a table or column that is missing; SQLITE_CORRUPT; SQLITE_NOTADB. */
const DAMAGE = new Set<number | null>([1, 11, 26])

function damaged(error: unknown, path: string): unknown {
  const errcode = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : null
  if (DAMAGE.has(errcode)) return new CannotStart(`${path} is damaged, or no backup. Take another one.`)
  const isUnreadable = errcode === SQLITE_CANTOPEN || errcode === SQLITE_READONLY
  return isUnreadable ? new CannotStart(`${path} cannot be read by this user, or is no file.`) : explained(error, path)
}

/** The database of a folder that has none, and on which no server runs. */
export function intoFolder(folder: string): Target {
  return {
    name: folder,
    async fill(work) {
      using _lock = lockFolder(folder)
      return await intoFile(pathForDatabase(folder)).fill(work)
    },
  }
}

/** SQLite would take what they hold for the new file's. */
const LEFT_BESIDE = ['-wal', '-shm', '-journal']

/** A file that is not there yet: it gets its name when it is whole. */
export function intoFile(path: string): Target {
  const unfinished = unfinishedPath(path)
  return {
    name: path,
    async fill(work) {
      requireAbsent(path, 'Name another file: a backup is never written over.')
      for (const beside of LEFT_BESIDE) requireAbsent(path + beside, 'It belongs to a database that was there: move it away.')
      requireAbsent(unfinished, 'A copy is being made there, or was broken off: then remove it.')
      onDisk(path, () => closeSync(openSync(unfinished, 'wx', OWNER_ONLY_FILE)))
      try {
        const result = await filling(unfinished, work)
        onDisk(path, () => {
          sync(unfinished)
          requireAbsent(path, 'It was made meanwhile.')
          renameSync(unfinished, path)
        })
        syncFolder(dirname(path))
        return result
      } catch (error) {
        rmSync(unfinished, { force: true })
        throw error
      }
    },
  }
}

async function filling<T>(path: string, work: (place: Place) => Promise<T>): Promise<T> {
  const connection = openUnfinished(path)
  try {
    connection.exec('BEGIN')
    const result = await work({ db: connection.db, migrate: (version) => migrateTo(connection.db, version) })
    connection.exec('COMMIT')
    return result
  } catch (error) {
    throw wantOfRoom(error, path)
  } finally {
    connection.close()
  }
}

function requireAbsent(path: string, otherwise: string): void {
  if (existsSync(path)) throw new CannotStart(`${path} is there already. ${otherwise}`)
}

function sync(path: string, flags = 'r+'): void {
  const opened = openSync(path, flags)
  try {
    fsyncSync(opened)
  } finally {
    closeSync(opened)
  }
}

/** Not every system can. The file is whole all the same; after a power cut it may have its former name. */
function syncFolder(path: string): void {
  try {
    sync(path, 'r')
  } catch {
    return
  }
}

function onDisk(path: string, work: () => void): void {
  try {
    work()
  } catch (error) {
    if (error instanceof CannotStart) throw error
    throw new CannotStart(`${path} cannot be written (${error instanceof Error ? error.message : String(error)}).`)
  }
}

const SQLITE_IOERR = 10
const SQLITE_FULL = 13
/** Of what is read, not of what is written. */
const READ_ERRORS = new Set([266, 522])

function wantOfRoom(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || !('errcode' in error)) return error
  const errcode = Number(error.errcode)
  if ((errcode & 0xff) === SQLITE_FULL) return new CannotStart(`The disk that holds ${dirname(path)} is full.`)
  const isWriting = (errcode & 0xff) === SQLITE_IOERR && !READ_ERRORS.has(errcode)
  return isWriting ? new CannotStart(`${dirname(path)} takes no more of it (${error.message}).`) : error
}
