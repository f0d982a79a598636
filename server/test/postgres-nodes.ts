import { systemClock } from '#lib/clock.ts'
import type { Refusal } from '#lib/refusal.ts'
import { laneOf } from '#store/postgres/lanes.ts'
import { openStore, type Store } from '#store/store.ts'
import type pg from 'pg'
import { expect } from 'vitest'
import { onServer } from './database.ts'
import { testWrites } from './test-writes.ts'
import { World } from './world.ts'

export const OPERATOR = { is: 'operator' } as const
export const NOTHING = { name: 'test.nothing', input: {}, actor: OPERATOR }

/** Another node's store. */
export function opens(databaseUrl: string, failures: string[] = [], onReplaced = () => {}): Promise<Store> {
  return openStore({
    folder: '',
    databaseUrl,
    writes: testWrites,
    clock: systemClock,
    onAnnouncements() {},
    onReplaced,
    onFailure: (failure) => void failures.push(failure),
  })
}

/** A world, and a second store over the same database. */
export async function twoNodes(): Promise<{ world: World; beside: Store; url: string; failures: string[] } & AsyncDisposable> {
  const world = await World.open()
  const url = world.databaseUrl!
  const failures: string[] = []
  const beside = await opens(url, failures)
  return {
    world,
    beside,
    url,
    failures,
    async [Symbol.asyncDispose]() {
      await beside[Symbol.asyncDispose]()
      await world[Symbol.asyncDispose]()
    },
  }
}

/** So many reads at a time, each on a connection of its own. */
export async function readAtOnce(store: Store, count: number): Promise<void> {
  const all = Promise.withResolvers<void>()
  let inside = 0
  const read = () =>
    store.read(async () => {
      inside += 1
      if (inside === count) all.resolve()
      await all.promise
    })
  await Promise.all(Array.from({ length: count }, read))
}

export async function refused(promise: Promise<unknown>): Promise<Refusal['body']> {
  return promise.then(
    () => {
      throw new Error('it was not refused')
    },
    (error: Refusal) => error.body,
  )
}

/** What is done while somebody holds a lock. `isWaited`: resolves when somebody waits. Whatever was done by then is committed. */
type Work = (client: pg.Client, isWaited: () => Promise<void>) => Promise<void>

/** Somebody holds the lock of a topic. */
export function whileLocked(world: World, topic: string, work: Work): Promise<void> {
  return whileHeld(world, { by: 'SELECT * FROM topics WHERE topic = $1 FOR UPDATE', name: topic }, work)
}

/** It is another node's turn to post in General. */
export function whileOthersPost(world: World, work: Work): Promise<void> {
  return whileHeld(
    world,
    { by: 'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', name: laneOf('message.post', 'room:general') },
    work,
  )
}

async function whileHeld({ databaseUrl }: World, lock: { by: string; name: string }, work: Work): Promise<void> {
  await onServer(databaseUrl!, async (client) => {
    await client.query('BEGIN')
    await client.query(lock.by, [lock.name])
    await work(client, () => isWaited(client))
    await client.query('COMMIT')
  })
}

/** Somebody in this database waits for a lock. */
export async function isWaited(client: pg.Client): Promise<void> {
  const waiting = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
  await expect.poll(async () => (await client.query(waiting)).rows.length, { interval: 5 }).toBeGreaterThan(0)
}
