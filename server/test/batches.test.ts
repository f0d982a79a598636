import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import type { Message, Room } from '@belfry/protocol/rows.ts'
import { roomTopic } from '@belfry/protocol/topics.ts'
import { expect, test } from 'vitest'
import type { BatchResult, Outcome, Write } from '#store/batch.ts'
import { runBatch } from '#store/sqlite/run-batch.ts'
import { openWriter } from '#store/sqlite/connection.ts'
import { type BatchRunner, WriteQueue } from '#store/write.ts'
import { settles, until } from './settle.ts'
import { testWrites } from './test-writes.ts'
import { refusal, World } from './world.ts'

/** A writer that answers when the test says so. */
class SlowRunner implements BatchRunner {
  readonly batches: string[][] = []
  #done = Promise.withResolvers<BatchResult>()

  run(writes: Write[]): Promise<BatchResult> {
    this.batches.push(writes.map((write) => write.name))
    this.#done = Promise.withResolvers()
    return this.#done.promise
  }

  answers(): void {
    const outcomes = this.batches.at(-1)!.map((): Outcome => ({ is: 'done', result: null }))
    this.#done.resolve({ outcomes, announcements: [] })
  }

  dies(): void {
    this.#done.reject(new Error('gone'))
  }

  async close(): Promise<void> {}
}

function queueOn(runner: BatchRunner, laneOf = (_write: Write) => 'one'): { queue: WriteQueue; add(name: string): Promise<unknown> } {
  const queue = new WriteQueue(runner, { announcements() {}, failure() {}, weigh: () => 1, laneOf })
  return { queue, add: (name) => queue.add({ name, input: {}, actor: { is: 'nobody' } }) }
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

test('[W4] a write that fails in a batch harms no other, and the numbers have no hole', async () => {
  await using world = await World.open()
  const alice = await world.person('alice')
  const before = world.store.queue.stats.commits
  const results = await Promise.all([
    alice.post('one').then((message) => message.n),
    refusal(world.operates('test.fail', { id: 'tower' })),
    alice.post('two').then((message) => message.n),
    refusal(world.operates('test.refuse', { id: 'tower' })),
    refusal(alice.post('nowhere', { roomId: 'nowhere' })),
    alice.post('three').then((message) => message.n),
  ])
  expect(results).toEqual([1, 'internal', 2, 'stale', 'not-found', 3])
  expect(world.store.queue.stats.commits).toBe(before + 1)
  expect((await world.table('rooms')).map((room) => room.id)).toEqual(['general'])
})

test('[W4] when SQLite has ended the transaction by itself, each write runs again alone', async () => {
  await using world = await World.open()
  const alice = await world.person('alice')
  const results = await Promise.all([alice.post('one'), refusal(world.operates('test.lose', {})), alice.post('two')])
  expect(results).toMatchObject([{ n: 1 }, 'internal', { n: 2 }])
  expect((await world.table('messages')).map((message) => message.body)).toEqual(['one', 'two'])
  // Others may have committed between them: each is a change of its own.
  const changes = world.announced.filter(({ topic }) => topic === 'room:general').slice(-2)
  expect(changes.map(({ prev, seq }) => seq - prev)).toEqual([1, 1])
  expect(changes[1]!.prev).toBe(changes[0]!.seq)
})

test('[W1] [W4] what several writes of a batch did to one topic is one announcement, with every row in its last state', async () => {
  await using world = await World.open()
  const alice = await world.person('alice')
  const [one, two] = await alice.posts('one', 'two')
  const before = world.announced.length
  const [first, gone, last] = await Promise.all([alice.edits(one!, 'changed'), alice.deletes(two!), alice.post('three')])
  expect(world.announced).toHaveLength(before + 1)
  expect(world.announced.at(-1)).toMatchObject({ prev: two!.changed, seq: last.changed, rows: { message: [first, gone, last] } })
})

test('[W4] many posts at once are one commit, in the order in which they came, by a handful of statements', async () => {
  await using world = await World.open()
  const [alice, bob] = await world.people('alice', 'bob')
  const before = world.store.queue.stats.commits
  const bodies = Array.from({ length: 300 }, (_, at) => `message ${at}`)
  const posted = await Promise.all(bodies.map((body, at) => (at % 2 ? alice : bob).post(body)))
  expect(world.store.queue.stats.commits).toBe(before + 1)
  expect(posted.map((message) => message.n)).toEqual(bodies.map((_, at) => at + 1))
  expect(posted.map((message) => message.changed - posted[0]!.changed)).toEqual(bodies.map((_, at) => at))
  expect(world.announced.at(-1)!.rows.message).toEqual(posted)
})

test('[W4] one post that cannot be stored does not keep its neighbours of the batch form from being stored', async () => {
  await using world = await World.open()
  const alice = await world.person('alice')
  const broken = alice.does<Message>('message.post', { roomId: 'general', body: { toString: null } })
  const results = await Promise.allSettled([alice.post('one'), broken, alice.post('two')])
  expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect((await world.table('messages')).map((message) => message.n)).toEqual([1, 2])
})

test('[W4] while another process holds the database, a whole batch is told once to come again', async () => {
  await using world = await World.open()
  await world.person('alice')
  const path = join(world.folder, 'belfry.sqlite')
  const connection = openWriter(path)
  connection.exec('PRAGMA busy_timeout = 1')
  const other = new DatabaseSync(path)
  other.exec('BEGIN IMMEDIATE')
  const context = { connection, table: testWrites, now: () => 0, epoch: world.store.epoch }
  const nothing: Write = { name: 'test.nothing', input: {}, actor: { is: 'operator' } }
  const { outcomes } = await runBatch(context, [nothing, nothing])
  expect(outcomes).toMatchObject([{ because: 'locked' }, { because: 'locked' }])
  other.exec('ROLLBACK')
  other.close()
  expect((await runBatch(context, [nothing])).outcomes).toEqual([{ is: 'done', result: null }])
  connection.close()
})

test('[A2] who leaves and comes back within one batch, to a room whose history is its members’, sees none of what was before', async () => {
  await using world = await World.open()
  const [alice, bob] = await world.people('alice', 'bob')
  const { id: roomId } = await alice.does<Room>('room.create', { name: 'Den', kind: 'closed', history: 'since-joined' })
  const adds = () => alice.does('member.add', { roomId, id: bob.id })
  await adds()
  const mine = await bob.post('mine', { roomId })
  const screen = await bob.opens(world.opensNode(), [[roomTopic(roomId)]])
  const position = screen.position(roomTopic(roomId))!
  await Promise.all([alice.does('member.remove', { roomId, id: bob.id }), alice.post('behind their back', { roomId }), adds()])
  await alice.post('welcome back', { roomId })
  await settles()
  expect(screen.bodies(roomTopic(roomId)).at(-1)).toBe('welcome back')
  expect(screen.bodies(roomTopic(roomId))).not.toContain('behind their back')
  expect(await refusal(bob.edits(mine, 'changed'))).toBe('not-found')
  expect(await refusal(bob.deletes(mine))).toBe('not-found')

  const offline = await bob.opens(world.opensNode(), [[roomTopic(roomId), position.epoch, position.seq]])
  expect(offline.told('snapshot', roomTopic(roomId))).toHaveLength(1)
  expect(offline.bodies(roomTopic(roomId))).toEqual(['welcome back'])
})
