import { expect, test } from 'vitest'
import { type Claimed, CLAIMED_FOR_MS } from '#jobs/claim-jobs.ts'
import { TRIES_MAX } from '#jobs/jobs.ts'
import { type Work, Worker } from '#jobs/worker.ts'
import type { Job } from '#store/schema.ts'
import type { Tx } from '#store/tx.ts'
import { testWrites } from './test-writes.ts'
import { World } from './world.ts'

const OPERATOR = { is: 'operator' as const }

/** A write that promises something, and one that fails after it has. */
const writes = {
  ...testWrites,
  'test.promise': {
    one: async (tx: Tx) => {
      tx.promise({ kind: 'test', input: { word: 'bell' }, dueAt: tx.now + 100 })
      return null
    },
  },
  'test.promise-and-fail': {
    one: async (tx: Tx) => {
      tx.promise({ kind: 'test', input: {}, dueAt: tx.now })
      throw new Error('a mistake of ours')
    },
  },
}

function promises(world: World): Promise<null> {
  return world.store.write({ name: 'test.promise', input: {}, actor: OPERATOR })
}

function workerOf(world: World, work: Work, failures: string[] = []): Worker {
  return new Worker({ store: world.store, clock: world.clock, work: { test: work }, onFailure: (failure) => failures.push(failure) })
}

function claims(world: World): Promise<Claimed> {
  return world.store.write<Claimed>({ name: 'job.claim', input: {}, actor: OPERATOR })
}

async function finish(world: World, { id }: Job): Promise<void> {
  await world.store.write({ name: 'place.left', input: { jobId: id, userId: 'x', roomId: 'x' }, actor: OPERATOR })
}

test('[W5] what is promised is done when it is due, and not before', async () => {
  await using world = await World.open({ writes })
  await promises(world)
  const done: string[] = []
  await using worker = workerOf(world, async (job) => {
    done.push(job.input)
    await finish(world, job)
  })
  await worker.work()
  expect(done).toEqual([])
  world.clock.passes(100)
  await worker.work()
  await worker.work()
  expect(done).toEqual(['{"word":"bell"}'])
  expect(await world.table('jobs')).toEqual([])
})

test('[W5] a write that fails has promised nothing', async () => {
  await using world = await World.open({ writes })
  await expect(world.store.write({ name: 'test.promise-and-fail', input: {}, actor: OPERATOR })).rejects.toThrow()
  expect(await world.table('jobs')).toEqual([])
})

test('what fails is tried again, later each time, and in the end given up loudly', async () => {
  await using world = await World.open({ writes })
  await promises(world)
  const failures: string[] = []
  let tries = 0
  await using worker = workerOf(
    world,
    async () => {
      tries += 1
      throw new Error('not now')
    },
    failures,
  )
  world.clock.passes(100)
  await worker.work()
  expect(tries).toBe(1)
  world.clock.passes(900)
  await worker.work()
  expect(tries).toBe(1)
  for (let at = 0; at < 2 * TRIES_MAX; at++) {
    world.clock.passes(20 * 60_000)
    await worker.work()
  }
  expect(tries).toBe(TRIES_MAX)
  expect(failures.at(-1)).toMatch(/was given up$/)
  expect(await world.table('jobs')).toMatchObject([{ kind: 'test', failedAt: expect.any(Number) as number }])
})

test('[W5] what a worker took that is not heard of any more, another does', async () => {
  await using world = await World.open({ writes })
  await promises(world)
  world.clock.passes(100)
  expect((await claims(world)).jobs).toHaveLength(1)
  const done: number[] = []
  await using worker = workerOf(world, async (job) => {
    done.push(job.tries)
    await finish(world, job)
  })
  await worker.work()
  expect(done).toEqual([])
  world.clock.passes(CLAIMED_FOR_MS)
  await worker.work()
  expect(done).toEqual([2])
})

test('[P5] [W5] whoever stops ends the job that they are at; the others are another’s at once, as if nobody had had them', async () => {
  await using world = await World.open({ writes })
  for (let jobs = 0; jobs < 3; jobs++) await promises(world)
  world.clock.passes(100)
  const [begun, goesOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const worker = workerOf(world, async (job) => {
    begun.resolve()
    await goesOn.promise
    await finish(world, job)
  })
  void worker.work()
  await begun.promise
  const stopped = worker[Symbol.asyncDispose]()
  goesOn.resolve()
  await stopped
  expect((await claims(world)).jobs).toMatchObject([{ tries: 1 }, { tries: 1 }])
})

test('[W5] one that kills whoever does it is given up loudly too, and takes no other along', async () => {
  await using world = await World.open({ writes })
  for (let jobs = 0; jobs < 3; jobs++) await promises(world)
  world.clock.passes(100)
  const deadly = (await claims(world)).jobs[0]!.id
  const [done, failures]: [string[], string[]] = [[], []]
  const works = async () => {
    await using worker = workerOf(world, (job) => (done.push(job.id), finish(world, job)), failures)
    await worker.work()
  }
  for (let tries = 2; tries <= TRIES_MAX; tries++) {
    world.clock.passes(CLAIMED_FOR_MS)
    // As if the process were gone with it: nobody says what became of it.
    expect((await claims(world)).jobs).toMatchObject([{ id: deadly, tries }])
    await works()
  }
  expect([done.length, failures]).toEqual([2, []])
  world.clock.passes(CLAIMED_FOR_MS)
  await works()
  await works()
  expect(failures).toEqual([`the job test ${deadly} was given up`])
  expect(done).not.toContain(deadly)
  expect(await world.table('jobs')).toMatchObject([{ id: deadly, failedAt: world.clock.now() }])
})

test('a database that is away is spoken of twice: when jobs cannot be taken any more, and when they can again', async () => {
  await using world = await World.open({ writes })
  const said: string[] = []
  let isAway = false
  const read: World['store']['read'] = async (look) => {
    if (isAway) throw new Error('away')
    return world.store.read(look)
  }
  const done: string[] = []
  await using worker = new Worker({
    store: { ...world.store, read },
    clock: world.clock,
    work: { test: (job) => (done.push(job.id), finish(world, job)) },
    onFailure: (failure) => said.push(failure),
    onRecovery: (words) => said.push(words),
  })
  await promises(world)
  world.clock.passes(100)
  for (const [state, looks] of [
    [false, 2],
    [true, 3],
    [false, 2],
    [true, 2],
  ] as const) {
    isAway = state
    for (let look = 0; look < looks; look++) await worker.work()
  }
  expect(said).toEqual(['jobs could not be taken', 'jobs can be taken again', 'jobs could not be taken'])
  expect(done).toHaveLength(1)
})
