import { findRedis } from '@belfry/bench/programs/find-program.ts'
import type { LocalProgram } from '@belfry/bench/programs/local-program.ts'
import { startRedis } from '@belfry/bench/programs/redis.ts'
import type { Topic } from '@belfry/protocol/topics.ts'
import { Redis } from 'ioredis'
import { describe, expect, test } from 'vitest'
import type { Announcement } from '#bus/announcement.ts'
import { parseEnvelope, shardOf } from '#bus/envelope.ts'
import { bare, RedisBus } from '#bus/redis.ts'
import type { Screen } from './screen.ts'
import { until } from './settle.ts'
import { type Person, World } from './world.ts'

interface Stage extends AsyncDisposable {
  redis: LocalProgram
  /** A node each. */
  one: RedisBus
  other: RedisBus
  warned: string[]
}

async function atTwoEnds(): Promise<Stage> {
  const redis = await startRedis()
  const warned: string[] = []
  const open = () => new RedisBus({ url: redis.url, warn: (text) => warned.push(text) })
  const [one, other] = [open(), open()]
  await until(() => one.isAlive && other.isAlive)
  return {
    redis,
    one,
    other,
    warned,
    async [Symbol.asyncDispose]() {
      for (const part of [one, other, redis]) await part[Symbol.asyncDispose]()
    },
  }
}

/** Alice writes at one node, bob reads at the other. */
async function withReader(stage: Stage): Promise<{ world: World; alice: Person; screen: Screen }> {
  const world = await World.open({ bus: stage.one })
  const [alice, bob] = await world.people('alice', 'bob')
  return { world, alice, screen: await bob.opens(world.opensNode({ bus: stage.other })) }
}

/** What is said there besides beats. */
async function overheard(url: string, shard: string): Promise<AsyncDisposable & { redis: Redis; texts: string[] }> {
  const [redis, texts] = [new Redis(url), [] as string[]]
  redis.on('message', (_shard: string, text: string) => parseEnvelope(text)?.announcements.length && texts.push(text))
  await redis.subscribe(shard)
  return { redis, texts, [Symbol.asyncDispose]: async () => redis.disconnect() }
}

function announcement(topic: Topic, seq: number, text = ''): Announcement {
  const rows = { message: [{ id: `${topic}-${seq}`, body: text }] }
  return { epoch: 'e', topic, prev: seq - 1, seq, rows: rows as unknown as Announcement['rows'] }
}

function sees(screen: Screen, ...bodies: string[]): Promise<void> {
  return until(() => bodies.every((body) => screen.bodies('room:general').includes(body)))
}

test('that nobody answers is said with the reason', async () => {
  const warned: [string, unknown][] = []
  await using _bus = new RedisBus({ url: 'redis://localhost:9', warn: (...said) => warned.push(said as [string, unknown]) })
  await until(() => warned.length > 0)
  expect(warned[0]).toEqual([
    expect.stringContaining('The bus is silent: '),
    expect.objectContaining({ message: expect.stringContaining('ECONNREFUSED') as string }),
  ])
})

test('of a name with several addresses each says why it failed', () => {
  const failures = ['::1', '127.0.0.1'].map((address) => new Error(`connect ECONNREFUSED ${address}:9`))
  expect(bare(new AggregateError(failures, '')).message).toBe('connect ECONNREFUSED ::1:9; connect ECONNREFUSED 127.0.0.1:9')
  expect(bare(new AggregateError(failures, 'All failed')).message).toBe('All failed')
  expect(bare(new Error("Stream isn't writeable and enableOfflineQueue options is false")).message).toBe('Redis does not answer')
  const retries = 'Reached the max retries per request limit (which is 0). Refer to "maxRetriesPerRequest" option for details.'
  expect(bare(new Error(retries)).message).toBe('Redis does not answer')
  expect(bare(new Error('NOAUTH HELLO must be called with the client already authenticated')).message).toMatch(/wants a password/)
})

describe.skipIf(findRedis() === null)('through Redis', () => {
  test('what is said in one turn of the loop is one message a shard; the own node hears it at once, and once', async () => {
    await using stage = await atTwoEnds()
    const heard: Record<'one' | 'other', Announcement[]> = { one: [], other: [] }
    for (const name of ['one', 'other'] as const) stage[name].listen((announcement) => heard[name].push(announcement))
    const said = Array.from({ length: 100 }, (_, at) => announcement('room:general', at + 1, 'so'))
    await using shard = await overheard(stage.redis.url, shardOf('room:general'))
    const before = stage.one.stats.messages
    for (const single of said) stage.one.publish([single])
    expect(heard.one).toEqual(said)
    await until(() => stage.one.stats.messages > before && heard.other.length === said.length)
    expect(heard).toEqual({ one: said, other: said })
    await shard.redis.ping()
    expect(shard.texts.map((text) => parseEnvelope(text)?.announcements)).toEqual([said])
  })

  test('[F4] a Redis that is killed costs a look at the database; one that comes back empty goes on, and both are said', async () => {
    await using stage = await atTwoEnds()
    const { world, alice, screen } = await withReader(stage)
    await using _world = world
    await alice.post('before')
    await sees(screen, 'before')

    await stage.redis.kill()
    await until(() => !stage.one.isAlive && !stage.other.isAlive)
    await alice.post('meanwhile')
    const postedAt = performance.now()
    await sees(screen, 'before', 'meanwhile')
    expect(performance.now() - postedAt).toBeLessThan(4_000)

    await until(() => stage.warned.length === 2)
    await stage.redis.start()
    await until(() => stage.one.isAlive && stage.other.isAlive)
    let heard = 0
    stage.other.listen(() => void (heard += 1))
    await alice.post('after')
    await sees(screen, 'before', 'meanwhile', 'after')
    await until(() => heard > 0)
    expect(screen.gaps).toEqual([])
    expect(world.failures).toEqual([])
    await until(() => stage.warned.length === 4)
    const silent: unknown = expect.stringContaining('The bus is silent: ')
    expect(stage.warned).toEqual([silent, silent, 'The bus is back.', 'The bus is back.'])
  })

  test('each time the bus is silent the reason is that of this time', async () => {
    await using redis = await startRedis()
    const reasons: string[] = []
    await using bus = new RedisBus({ url: redis.url, warn: (_text, error) => error instanceof Error && reasons.push(error.message) })
    await until(() => bus.isAlive)
    await redis.kill()
    await until(() => reasons.length === 1)
    await redis.start()
    await until(() => bus.isAlive && bus.failure === undefined)
    redis.pause()
    await until(() => reasons.length === 2)
    expect(reasons).toEqual([expect.stringMatching(/ECONNREFUSED|ended the connection/), 'Redis does not answer'])
    redis.resume()
  })

  test('[F4] a Redis that stands still is noticed after two and a half seconds, and followers get their rows; then it is as before', async () => {
    await using stage = await atTwoEnds()
    const { world, alice, screen } = await withReader(stage)
    await using _world = world
    stage.redis.pause()
    const pausedAt = performance.now()
    await until(() => !stage.one.isAlive && !stage.other.isAlive)
    expect(performance.now() - pausedAt).toBeLessThan(4_000)
    await alice.post('meanwhile')
    await sees(screen, 'meanwhile')

    stage.redis.resume()
    await until(() => stage.one.isAlive && stage.other.isAlive)
    await alice.post('after')
    await sees(screen, 'meanwhile', 'after')
    expect(screen.gaps).toEqual([])
  })

  test('[F4] who begins to hear compares once', async () => {
    await using stage = await atTwoEnds()
    await using late = new RedisBus({ url: stage.redis.url, warn() {} })
    expect(late.lapses).toBe(0)
    await until(() => late.isAlive)
    expect(late.lapses).toBe(1)
  })

  test('[F4] connections that stay open and bring nothing are made anew', async () => {
    await using stage = await atTwoEnds()
    await using operator = new Operator(stage.redis.url)
    // Who is subscribed to nothing any more is not told so by its connection.
    const before = await operator.subscribers()
    expect(before).toHaveLength(2)
    await operator.forbidsShards()
    await until(() => !stage.one.isAlive && !stage.other.isAlive)
    await operator.allowsShards()
    await until(() => stage.one.isAlive && stage.other.isAlive)
    const after = await operator.subscribers()
    expect(after.filter((id) => before.includes(id))).toEqual([])
  })

  test('what somebody says before their end is heard', async () => {
    await using stage = await atTwoEnds()
    const heard: Announcement[] = []
    stage.other.listen((single) => heard.push(single))
    const brief = new RedisBus({ url: stage.redis.url, warn() {} })
    await brief.opens()
    brief.publish([announcement('room:general', 1)])
    await brief[Symbol.asyncDispose]()
    await until(() => heard.length > 0)
    expect(heard).toEqual([announcement('room:general', 1)])
  })

  test('[F4] who could not say something says so later: the others compare', async () => {
    await using stage = await atTwoEnds()
    stage.redis.pause()
    for (let seq = 1; seq <= 20; seq++) {
      stage.one.publish([announcement('room:general', seq, 'x'.repeat(1_000_000))])
      await new Promise(setImmediate)
    }
    expect(stage.one.stats.dropped).toBeGreaterThan(0)
    const lapses = stage.other.lapses
    stage.redis.resume()
    await until(() => stage.other.lapses > lapses)
  })

  test('[P4] [F4] a change that is too long to be said, as an import is, the others read from the database', async () => {
    await using stage = await atTwoEnds()
    const { world, alice, screen } = await withReader(stage)
    await using _world = world
    const heard: number[] = []
    stage.other.listen(({ seq, rows }) => rows.message && heard.push(seq))
    const { lapses } = stage.other
    const many = await Promise.all(Array.from({ length: 80 }, (_, at) => alice.post(`${at} ${'x'.repeat(14_900)}`)))
    await until(() => stage.other.lapses > lapses)
    const { changed } = await alice.post('short')
    await until(() => heard.length > 0)
    expect(heard).toEqual([changed])
    await sees(screen, many[0]!.body, many.at(-1)!.body, 'short')
    expect(world.failures).toEqual([])
  })

  test('[P4] while Redis is away nothing is kept for it', async () => {
    await using stage = await atTwoEnds()
    await stage.redis.kill()
    await until(() => !stage.one.isAlive)
    const before = stage.one.stats.dropped
    for (let seq = 1; seq <= 100; seq++) {
      stage.one.publish([announcement('room:general', seq, 'x'.repeat(1_000_000))])
      await new Promise(setImmediate)
    }
    expect(stage.one.stats.dropped - before).toBeGreaterThanOrEqual(100)
    const heard: Announcement[] = []
    stage.other.listen((single) => heard.push(single))
    await stage.redis.start()
    await until(() => stage.one.isAlive && stage.other.isAlive)
    stage.one.publish([announcement('room:general', 101)])
    await until(() => heard.length > 0)
    expect(heard.map(({ seq }) => seq)).toEqual([101])
  })

  test('what nodes never say is ignored, and told once to who runs them', async () => {
    await using stage = await atTwoEnds()
    const heard: Announcement[] = []
    stage.other.listen((single) => heard.push(single))
    await using operator = new Operator(stage.redis.url)
    const { lapses } = stage.other
    for (const text of ['garbage', '{}', '{"node":"n","hasDropped":false,"announcements":[{"topic":7}],"signals":[]}', 'garbage'])
      await operator.says(text)
    stage.one.publish([announcement('room:general', 1)])
    await until(() => heard.length > 0)
    expect(heard).toEqual([announcement('room:general', 1)])
    expect(stage.other.lapses - lapses).toBe(4)
    expect(stage.warned).toEqual([expect.stringContaining('garbage'), expect.stringContaining('garbage')])
  })

  test('a wrong password is a bus that is silent, and no reason not to start', async () => {
    await using stage = await atTwoEnds()
    const errors: unknown[] = []
    const url = stage.redis.url.replace(/:[^:@]+@/, ':wrong@')
    await using stranger = new RedisBus({ url, warn: (_text, error) => errors.push(error) })
    await until(() => errors.length > 0)
    expect(String(errors[0])).toMatch(/WRONGPASS|AUTH/)
    expect(stranger.isAlive).toBe(false)
  })
})

/** Whoever else may use this Redis. */
class Operator implements AsyncDisposable {
  readonly #redis: Redis

  constructor(url: string) {
    this.#redis = new Redis(url)
  }

  async says(text: string): Promise<void> {
    await this.#redis.publish('belfry:0', text)
  }

  async subscribers(): Promise<string[]> {
    const list = String(await this.#redis.call('CLIENT', 'LIST', 'TYPE', 'pubsub'))
    return [...list.matchAll(/^id=(\d+)/gm)].map(([, id]) => id!)
  }

  /** What is published arrives nowhere; nobody is disconnected. */
  async forbidsShards(): Promise<void> {
    await this.#redis.acl('SETUSER', 'default', '-publish')
  }

  async allowsShards(): Promise<void> {
    await this.#redis.acl('SETUSER', 'default', '+publish')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#redis.disconnect()
  }
}
