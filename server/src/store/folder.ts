import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { CannotStart } from '#lib/cannot-start.ts'

const OWNER_ONLY = 0o700

/** The database's path in the data folder, which is made where it is missing. */
export function databasePath(folder: string): string {
  makeFolder(folder)
  return join(folder, 'belfry.sqlite')
}

/** Readable by its owner alone. */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: OWNER_ONLY })
    chmodSync(folder, OWNER_ONLY)
  } catch (error) {
    throw new CannotStart(`The data folder ${folder} cannot be made or written to (${codeOf(error)}). Set DATA_DIR to a folder that this user owns.`)
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
    throw new CannotStart(`Another Belfry server is already using the data folder ${folder}. Stop it first, or set DATA_DIR to another folder.`)
  }
  return { [Symbol.dispose]: () => file.close() }
}

function openLock(folder: string): DatabaseSync {
  try {
    return new DatabaseSync(join(folder, 'serving.lock'))
  } catch {
    throw new CannotStart(`The data folder ${folder} cannot be written to. Set DATA_DIR to a folder that this user owns.`)
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}
