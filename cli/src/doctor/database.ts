import { existsSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '@belfry/server/config.ts'
import { isOlder, schemaVersion } from '@belfry/server/store/migrate.ts'
import { fromPostgres } from '@belfry/server/store/postgres/copy-ends.ts'
import { requireReady } from '@belfry/server/store/postgres/suitable.ts'
import { databaseTime } from '@belfry/server/store/postgres/time.ts'
import { fromFolder } from '@belfry/server/store/sqlite/copy-ends.ts'
import { refuseUnfinished } from '@belfry/server/store/sqlite/folder.ts'
import type { Store } from '@belfry/server/store/store.ts'
import { megabytes } from '#print.ts'
import { bad, type Finding, good, odd, unknown } from './finding.ts'

const READS = 9
/** Every message waits for some of them. */
const SLOW_MS = 10
const FREE_MIN_BYTES = 1024 ** 3
const CLOCK_OFF_MS = 2_000

/** Why the database is not opened, which would make its tables or migrate them: looking must change nothing. Null: nothing speaks against it. */
export async function lookBeforeOpening({ databaseUrl, dataDir }: Config): Promise<Finding | null> {
  if (databaseUrl === null) refuseUnfinished(dataDir)
  if (databaseUrl === null && !existsSync(join(dataDir, 'belfry.sqlite')))
    return unknown('database', `There is none in ${dataDir} yet: the first start makes it.`)
  const { name, read } = databaseUrl === null ? fromFolder(dataDir) : fromPostgres(databaseUrl)
  const version = await read(async (db) => {
    if (databaseUrl !== null) await requireReady(db, databaseUrl)
    return schemaVersion(db)
  })
  if (version === null) return unknown('database', `${name} holds no tables of Belfry yet: the first start makes them.`)
  if (!isOlder(version)) return null
  return odd(
    'database',
    `${name} was written by an older Belfry, and was not opened: that would migrate it. Run the doctor of that version, or start this one first.`,
  )
}

export async function lookAtDatabase(store: Store, config: Config): Promise<Finding[]> {
  const { kind, version, bytes } = await store.facts()
  const ms = await readMs(store)
  const says = `${kind === 'sqlite' ? 'SQLite' : 'PostgreSQL'} ${version}, ${megabytes(bytes)}; it answers in ${ms.toFixed(1)} ms`
  const speed = ms > SLOW_MS ? odd('database', `${says}: everything waits for that. Bring it closer.`) : good('database', `${says}.`)
  return [speed, kind === 'sqlite' ? await lookAtRoom(config) : await lookAtClock(store)]
}

/** The middle of some. */
async function readMs(store: Store): Promise<number> {
  const took: number[] = []
  for (let at = 0; at < READS; at++) {
    const before = performance.now()
    await store.read((db) => db.selectFrom('meta').select('key').limit(1).execute())
    took.push(performance.now() - before)
  }
  return took.toSorted((a, b) => a - b)[READS >> 1]!
}

async function lookAtRoom({ dataDir }: Config): Promise<Finding> {
  const { bavail, bsize } = await statfs(dataDir)
  const free = `${((bavail * bsize) / 1024 ** 3).toFixed(1)} GB are free where ${dataDir} is`
  return bavail * bsize < FREE_MIN_BYTES ? odd('disk', `${free}: when none is left, nothing can be written.`) : good('disk', `${free}.`)
}

async function lookAtClock(store: Store): Promise<Finding> {
  const before = Date.now()
  const time = await store.read(databaseTime)
  const middle = (before + Date.now()) / 2
  return offBy(time - middle, 'The clock of PostgreSQL')
}

/** `which`: the clock that was compared with this machine's. */
export function offBy(ms: number, which: string): Finding {
  const seconds = (Math.abs(ms) / 1000).toFixed(1)
  if (Math.abs(ms) <= CLOCK_OFF_MS) return good('clock', `${which} shows the same time as this machine’s.`)
  const way = ms > 0 ? 'ahead of' : 'behind'
  return bad('clock', `${which} is ${seconds} s ${way} this machine’s. Let both keep time by NTP: messages and sessions carry it.`)
}
