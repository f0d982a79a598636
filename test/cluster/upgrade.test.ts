import { fileURLToPath } from 'node:url'
import { connect } from '@belfry/client/belfry.ts'
import { describe, expect, test } from 'vitest'
import { makePeople, startNode } from '#bench/src/programs/belfry-server.ts'
import { makePlace } from '#bench/src/programs/local-program.ts'
import { FORGETFUL, startPostgres } from '#bench/src/programs/postgres.ts'
import { startRedis } from '#bench/src/programs/redis.ts'
import { postgres, redis } from '#test/binaries.ts'
import { asks, epochAfter } from './incarnations.ts'

const NEXT_RELEASE = { NODE_OPTIONS: `--import ${fileURLToPath(new URL('./next-release.ts', import.meta.url))}` }
const LINES_BREAK = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'belfry'`
const POSTS_EVERY_MS = 40
const WAITING_MAX = 20

describe.skipIf([postgres, redis].some(({ missing }) => missing))('two nodes of which one after the other is replaced', () => {
  test('[W2] [W8] by the next release: the one of today goes on with the database that it has migrated, and nothing is lost', async () => {
    await using database = await startPostgres(FORGETFUL)
    await asks(database, 'CREATE TABLE others (name text)')
    await using bus = await startRedis()
    const settings = { WEB: 'off', DATABASE_URL: database.url, REDIS_URL: bus.url }
    await using one = await startNode(await makePlace('node-1'), settings)
    await using two = await startNode(await makePlace('node-2'), settings)
    const { tokens } = await makePeople('', { people: 2, databaseUrl: database.url })
    const alice = writer('alice', { url: one.url, token: tokens[0]! })
    const bob = writer('bob', { url: two.url, token: tokens[1]! })
    await goOn(alice, bob)

    await two.kill('SIGTERM')
    await goOn(alice)
    await two.start(NEXT_RELEASE)
    expect(await asks(database, 'SELECT max(name) AS version FROM kysely_migration')).toEqual([{ version: '9999-next' }])
    await goOn(alice, bob)

    await asks(database, LINES_BREAK)
    await goOn(alice, bob)
    const before = await epochAfter(one, null)
    await asks(database, `UPDATE meta SET value = 'another' WHERE key = 'epoch'; ${LINES_BREAK}`)
    await epochAfter(one, before)
    await goOn(alice, bob)

    await one.kill('SIGTERM')
    await expect(one.start()).rejects.toThrow(/was written by a newer Belfry\. Start that version/)
    await goOn(bob)
    await one.start(NEXT_RELEASE)
    await goOn(alice, bob)

    const written = [await alice.ends(), await bob.ends()]
    const stored = await asks<{ body: string }>(database, 'SELECT body FROM messages ORDER BY n')
    for (const own of written) expect(stored.filter(({ body }) => own.includes(body)).map(({ body }) => body)).toEqual(own)
    expect(stored).toHaveLength(written.flat().length)
  })
})

interface Writer {
  /** Messages that were stored. */
  stored(): number
  /** Now, and not when it would by itself. */
  comesBack(): void
  /** Writes no more; answers all that was written, once all is sent. */
  ends(): Promise<string[]>
}

/** Writes one message after the other, whatever happens. */
function writer(name: string, to: { url: string; token: string }): Writer {
  const belfry = connect({ ...to, rooms: ['general'] })
  const room = belfry.room('general')
  const written: string[] = []
  const writing = setInterval(() => {
    if (room.view.get().is !== 'ready' || belfry.unsentChanges() > WAITING_MAX) return
    room.post(`${name} ${written.length}`)
    written.push(`${name} ${written.length}`)
  }, POSTS_EVERY_MS)
  return {
    stored: () => written.length - belfry.unsentChanges(),
    comesBack: () => belfry.retryNow(),
    async ends() {
      clearInterval(writing)
      await expect.poll(() => (belfry.retryNow(), belfry.unsentChanges())).toBe(0)
      belfry.close()
      return written
    },
  }
}

/** More of what each of them writes is stored. */
async function goOn(...writers: Writer[]): Promise<void> {
  for (const { stored, comesBack } of writers) {
    const before = stored()
    await expect.poll(() => (comesBack(), stored())).toBeGreaterThan(before)
  }
}
