import { accessSync, constants, existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Where servers are, and the PATH of people often is not. */
const SERVER_FOLDERS = ['/usr/local/sbin', '/usr/sbin']
/** Debian keeps the versions of PostgreSQL side by side, outside of the PATH. */
const POSTGRES_FOLDER = '/usr/lib/postgresql'

/** Where the first of these programs is that this machine has; null: it has none. */
export function findProgram(...names: string[]): string | null {
  return firstOf(names, [...(process.env.PATH ?? '').split(delimiter), ...SERVER_FOLDERS])
}

export function findRedis(): string | null {
  return findProgram('redis-server', 'valkey-server')
}

/** The newest. */
export function findPostgres(): string | null {
  const versions = existsSync(POSTGRES_FOLDER) ? readdirSync(POSTGRES_FOLDER) : []
  const newestFirst = versions.toSorted((one, other) => Number(other) - Number(one))
  return (
    firstOf(
      ['postgres'],
      newestFirst.map((version) => join(POSTGRES_FOLDER, version, 'bin')),
    ) ?? findProgram('postgres')
  )
}

function firstOf(names: string[], folders: string[]): string | null {
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable) ?? null
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
