import { accessSync, constants, existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where servers are, and the PATH of people often is not. */
const SERVER_FOLDERS = ['/usr/local/sbin', '/usr/sbin']
/** Debian keeps the versions of PostgreSQL side by side, outside of the PATH. */
const POSTGRES_FOLDER = '/usr/lib/postgresql'
const NPM_FOLDER = fileURLToPath(new URL('../../../node_modules/.bin', import.meta.url))

/** Where the first of these programs is that this machine has; null: it has none. */
export function findProgram(...names: string[]): string | null {
  return firstOf(names, [...(process.env.PATH ?? '').split(delimiter), ...SERVER_FOLDERS])
}

export function findRedis(): string | null {
  return findProgram('redis-server', 'valkey-server')
}

/** The shell before the whole: a Chromium that has windows draws its toolbars beside the page, for as much work as the page itself. */
export function findChromium(): string | null {
  return findProgram('chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome')
}

/** Where the benchmark is told that it is, or where `npm install --no-save bun` puts it. */
export function findBun(): string | null {
  return process.env.BELFRY_BENCH_BUN || findProgram('bun') || firstOf(['bun'], [NPM_FOLDER])
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

/** Names of Debian's packages, and where what they bring is. */
type Packages = Record<string, string | null>

/** What nodes need. */
export function forNodes(): Packages {
  return { 'postgresql': findPostgres(), 'redis-server': findRedis() }
}

/** What nodes and a balancer before them need. */
export function forCluster(): Packages {
  return { ...forNodes(), 'nginx-light': findProgram('nginx'), 'openssl': findProgram('openssl') }
}

/** Ends the process where this machine does not have all of them, and says which packages bring them. `what` needs them. */
export function requirePrograms(what: string, packages: Packages): void {
  const missing = Object.keys(packages).filter((name) => packages[name] === null)
  if (missing.length === 0) return
  console.error(`${what} needs programs that this machine does not have: apt-get install ${missing.join(' ')}`)
  process.exit(1)
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
