import { chmodSync, closeSync, existsSync, mkdirSync, openSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { CannotStart } from '#lib/cannot-start.ts'

const FILE = 'belfry.sqlite'

const OWNER_ONLY = 0o700
export const OWNER_ONLY_FILE = 0o600

/** The database's path in the data folder; both are made where they are missing, for their owner alone. */
export function databasePath(folder: string): string {
  makeFolder(folder)
  refuseUnfinished(folder)
  const path = join(folder, FILE)
  makeFile(path)
  return path
}

/** Where a copy was to become the database, none is begun in its place: the copy could not be made any more. */
export function refuseUnfinished(folder: string): void {
  const path = join(folder, FILE)
  const unfinished = unfinishedPath(path)
  if (existsSync(path) || !existsSync(unfinished)) return
  throw new CannotStart(
    `There is no database in ${folder} but ${unfinished}, a copy that is still being made, or was broken off. If nothing makes it any more, remove that file, and repeat the restore before anything starts there.`,
  )
}

/** What a file is called until it is whole. */
export function unfinishedPath(path: string): string {
  return `${path}.part`
}

/** The path of the database that is in the folder. */
export function presentDatabase(folder: string): string {
  refuseUnfinished(folder)
  const path = join(folder, FILE)
  if (existsSync(path)) return path
  throw new CannotStart(`There is no database in the data folder ${folder}. Set DATA_DIR to the folder that holds it.`)
}

/** The path for a database, where there is none. SQLite would take the log of another one for this one's. */
export function pathForDatabase(folder: string): string {
  const found = [FILE, `${FILE}-wal`, `${FILE}-shm`, `${FILE}-journal`].filter((file) => existsSync(join(folder, file)))
  if (found.length === 0) return join(folder, FILE)
  throw new CannotStart(
    `The data folder ${folder} has a database already. Move ${found.join(', ')} to another folder, or set DATA_DIR to an empty one.`,
  )
}

/** How much room the database takes: its file, and the log of what is not in it yet. */
export function databaseBytes(folder: string): number {
  const path = join(folder, FILE)
  return [path, `${path}-wal`].reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0)
}

/** A folder that was there before keeps its rights: it may hold more than ours. */
function makeFolder(folder: string): void {
  try {
    const made = mkdirSync(folder, { recursive: true, mode: OWNER_ONLY })
    if (made !== undefined) chmodSync(folder, OWNER_ONLY)
  } catch (error) {
    throw new CannotStart(
      `The data folder ${folder} cannot be made or written to (${codeOf(error)}). Set DATA_DIR to a folder that this user owns.`,
    )
  }
}

/**
 * Makes this process the one server of the folder, until it ends in whatever way: the lock is the operating system's, held through an
 * open SQLite transaction on a file of its own, so that a killed server leaves none behind.
 */
export function lockFolder(folder: string): Disposable {
  makeFolder(folder)
  const file = openLock(folder)
  try {
    file.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  } catch {
    file.close()
    throw new CannotStart(
      `Another Belfry server is already using the data folder ${folder}. Stop it first, or set DATA_DIR to another folder.`,
    )
  }
  return { [Symbol.dispose]: () => file.close() }
}

/** SQLite gives its other files (-wal, -shm) the rights of this one. */
function makeFile(path: string): void {
  try {
    closeSync(openSync(path, 'a', OWNER_ONLY_FILE))
  } catch {
    throw new CannotStart(`The file ${path} cannot be written to. Set DATA_DIR to a folder that this user owns.`)
  }
}

function openLock(folder: string): DatabaseSync {
  const path = join(folder, 'serving.lock')
  makeFile(path)
  try {
    return new DatabaseSync(path)
  } catch {
    throw new CannotStart(`The data folder ${folder} cannot be written to. Set DATA_DIR to a folder that this user owns.`)
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}
