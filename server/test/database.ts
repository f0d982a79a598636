import { createHash } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { writes } from '#commands.ts'
import { systemClock } from '#lib/clock.ts'
import { openStore } from '#store/store.ts'

/** The PostgreSQL server on which the stores of this run are, each in a database of its own; none: on SQLite, each in its folder. */
const SERVER = inject('postgres')

/** Migrated once: every test's database begins as a copy of it. */
const TEMPLATE = 'belfry_template'
const TEMPLATE_LOCK = 1

/** Where the store of a folder is: the same folder, the same database. */
export async function databaseOf(folder: string): Promise<string | null> {
  if (!SERVER) return null
  const name = nameOf(folder)
  await onServer(SERVER, async (client) => {
    await makeTemplate(client)
    if (!(await exists(client, name))) await client.query(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE} STRATEGY file_copy`)
  })
  return urlOf(name)
}

/** Where {@link databaseOf} will find it, with no table yet. */
export async function emptyDatabaseOf(folder: string): Promise<string | null> {
  if (!SERVER) return null
  const name = nameOf(folder)
  await onServer(SERVER, (client) => client.query(`CREATE DATABASE ${name} ENCODING 'UTF8' TEMPLATE template0`))
  return urlOf(name)
}

export async function dropDatabase(url: string | null): Promise<void> {
  if (url) await onServer(SERVER!, (client) => client.query(`DROP DATABASE IF EXISTS ${new URL(url).pathname.slice(1)} WITH (FORCE)`))
}

async function makeTemplate(client: pg.Client): Promise<void> {
  await client.query(`SELECT pg_advisory_lock(${TEMPLATE_LOCK})`)
  if (!(await exists(client, TEMPLATE))) {
    await client.query(`CREATE DATABASE ${TEMPLATE} ENCODING 'UTF8' TEMPLATE template0`)
    const store = await openStore({
      folder: '',
      databaseUrl: urlOf(TEMPLATE),
      writes,
      clock: systemClock,
      onAnnouncements() {},
      onFailure() {},
    })
    await store[Symbol.asyncDispose]()
  }
  await client.query(`SELECT pg_advisory_unlock(${TEMPLATE_LOCK})`)
}

async function exists(client: pg.Client, name: string): Promise<boolean> {
  return (await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name])).rows.length > 0
}

function nameOf(folder: string): string {
  return `belfry_${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`
}

function urlOf(database: string): string {
  const url = new URL(SERVER!)
  url.pathname = database
  return url.href
}

/** Beside all stores. */
export async function onServer<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}
