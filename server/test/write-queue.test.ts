import { expect, onTestFinished, test, vi } from 'vitest'
import type { BatchResult, Outcome, Write } from '#store/batch.ts'
import { type BatchRunner, type TakeMore, WriteQueue } from '#store/write.ts'
import { settles, until } from './settle.ts'
import { refusal } from './world.ts'

/** A writer that answers when the test says so. */
class SlowRunner implements BatchRunner {
  readonly batches: string[][] = []
  #done = Promise.withResolvers<BatchResult>()
  #takeMore: TakeMore = () => []

  run(writes: Write[], takeMore: TakeMore): Promise<BatchResult> {
    this.batches.push(namesOf(writes))
    this.#takeMore = takeMore
    this.#done = Promise.withResolvers()
    return this.#done.promise
  }

  takesMore(): void {
    this.batches.at(-1)!.push(...namesOf(this.#takeMore()))
  }

  answers(outcome: Outcome = { is: 'done', result: null }): void {
    const outcomes = this.batches.at(-1)!.map(() => outcome)
    this.#done.resolve({ outcomes, announcements: [] })
  }

  dies(): void {
    this.#done.reject(new Error('gone'))
  }

  async close(): Promise<void> {}
}

function namesOf(writes: Write[]): string[] {
  return writes.map(({ name }) => name)
}

interface Queued {
  queue: WriteQueue
  failures: string[]
  add(name: string): Promise<unknown>
}

function queueOn(runner: BatchRunner, laneOf = (_write: Write) => 'one'): Queued {
  const failures: string[] = []
  const queue = new WriteQueue(runner, { announcements() {}, failure: (failure) => failures.push(failure), weigh: () => 1, laneOf })
  return { queue, failures, add: (name) => queue.add({ name, input: {}, actor: { is: 'nobody' } }) }
}

test('[W4] what arrives while a commit is in flight forms the next batch', async () => {
  const runner = new SlowRunner()
  const { add } = queueOn(runner)
  const first = Promise.all([add('a'), add('b')])
  await until(() => runner.batches.length === 1)
  const second = Promise.all([add('c'), add('d'), add('e')])
  runner.answers()
  await first
  await until(() => runner.batches.length === 2)
  runner.answers()
  await second
  expect(runner.batches).toEqual([
    ['a', 'b'],
    ['c', 'd', 'e'],
  ])
})

test('[W4] a batch that had to wait for its turn takes along what has come meanwhile, as much as a batch may hold', async () => {
  const runner = new SlowRunner()
  const { queue, add } = queueOn(runner)
  const added = [add('a')]
  await until(() => runner.batches.length === 1)
  added.push(add('b'), add('c'))
  runner.takesMore()
  expect(runner.batches).toEqual([['a', 'b', 'c']])
  for (let at = 0; at < 1_000; at++) added.push(add('later'))
  runner.takesMore()
  runner.takesMore()
  expect(runner.batches[0]).toHaveLength(1_000)
  runner.answers()
  await until(() => runner.batches.length === 2)
  expect(runner.batches[1]).toHaveLength(3)
  runner.answers()
  await Promise.all(added)
  expect(queue.stats).toMatchObject({ commits: 2, writes: 1_003, lastBatch: 3 })
  expect(queue.underWay).toBe(0)
})

test('[W4] [P4] the queue is bounded: what is beyond is told to come again, and stored not at all', async () => {
  const runner = new SlowRunner()
  const { queue, add } = queueOn(runner)
  void add('first')
  await until(() => runner.batches.length === 1)
  while (queue.underWay < 20_000) void add('more').catch(() => {})
  const refused = await add('too many').catch((error: Error & { body: object }) => error.body)
  expect(refused).toMatchObject({ code: 'busy', retryAfterMs: expect.any(Number) as number })
  expect(queue.underWay).toBe(20_000)
})

test('[P4] what is under way in lanes beside each other is bounded too, until it is settled', async () => {
  const runner = new SlowRunner()
  const { queue, add } = queueOn(runner, ({ name }) => name)
  const added: Promise<unknown>[] = []
  while (queue.underWay < 20_000) added.push(add(`lane ${added.length}`))
  await until(() => runner.batches.length === 20_000)
  expect(await refusal(add('too many'))).toBe('busy')
  runner.answers()
  await added.at(-1)
  await settles()
  expect(queue.underWay).toBe(19_999)
  void add('one more')
  expect(queue.underWay).toBe(20_000)
})

test('[W2] when the writer dies, whether the batch was stored is not known', async () => {
  const runner = new SlowRunner()
  const { add } = queueOn(runner)
  const answer = refusal(add('a'))
  await until(() => runner.batches.length === 1)
  runner.dies()
  expect(await answer).toBe('unknown')
})

test('[W2] a queue that stops answers what it has, and takes nothing more', async () => {
  const runner = new SlowRunner()
  const { queue, add } = queueOn(runner)
  const first = add('a')
  await until(() => runner.batches.length === 1)
  const stopped = queue.stop()
  expect(await refusal(add('b'))).toBe('shutting-down')
  runner.answers()
  await Promise.all([first, stopped])
})

test('that the database is away is told once for each reason, until it answers again; each other failure by itself', async () => {
  const runner = new SlowRunner()
  const { add, failures } = queueOn(runner)
  const comesTo = async (outcome: Outcome, names: string[]) => {
    const writes = Promise.allSettled(names.map(add))
    const before = runner.batches.length
    await until(() => runner.batches.length > before)
    runner.answers(outcome)
    await writes
    return failures.splice(0)
  }
  const away = (failure: string): Outcome => ({ is: 'failed', failure, because: 'unreachable' })
  const nobody = away('nobody answers\n    at a line')
  expect(await comesTo(nobody, ['a', 'b'])).toEqual(['a failed: nobody answers\n    at a line'])
  expect(await comesTo(away('nobody answers\n    at another'), ['c'])).toEqual([])
  expect(await comesTo(away('it is a standby'), ['d', 'e'])).toEqual(['d failed: it is a standby'])
  expect(await comesTo(nobody, ['f'])).toEqual([])
  const answers: Outcome[] = [
    { is: 'done', result: null },
    { is: 'refused', refusal: { code: 'forbidden', detail: 'No.' } },
  ]
  for (const answer of answers) {
    expect(await comesTo(answer, ['g'])).toEqual([])
    expect(await comesTo(nobody, ['h'])).toHaveLength(1)
  }
  expect(await comesTo({ is: 'failed', failure: 'a mistake', because: 'mistake' }, ['i', 'j'])).toEqual([
    'i failed: a mistake',
    'j failed: a mistake',
  ])
})

test('that it is away is told again after a minute: it may be another time', async () => {
  onTestFinished(() => void vi.restoreAllMocks())
  vi.spyOn(performance, 'now').mockReturnValue(0)
  const runner = new SlowRunner()
  const { add, failures } = queueOn(runner)
  const failsAt = async (ms: number) => {
    vi.mocked(performance.now).mockReturnValue(ms)
    const before = runner.batches.length
    const write = refusal(add('a'))
    await until(() => runner.batches.length > before)
    runner.answers({ is: 'failed', failure: 'nobody answers', because: 'unreachable' })
    await write
    return failures.length
  }
  expect(await failsAt(0)).toBe(1)
  expect(await failsAt(59_999)).toBe(1)
  expect(await failsAt(60_000)).toBe(2)
})
