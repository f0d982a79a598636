import { startPostgres } from '@belfry/bench/programs/postgres.ts'
import type { Message, Room } from '@belfry/protocol/rows.ts'
import { roomTopic } from '@belfry/protocol/topics.ts'
import { uuidv7 } from '@belfry/protocol/uuid.ts'
import { sql } from 'kysely'
import type pg from 'pg'
import { describe, expect, inject, test } from 'vitest'
import type { Claimed } from '#jobs/claim-jobs.ts'
import type { Refusal } from '#lib/refusal.ts'
import type { Store } from '#store/store.ts'
import { dropDatabase, onServer } from './database.ts'
import { openWorld } from './http-world.ts'
import { openLine } from './postgres-line.ts'
import { NOTHING, OPERATOR, opens, refused, twoNodes } from './postgres-nodes.ts'
import { World } from './world.ts'

describe('two nodes that write at once', () => {
  test('[F1] [W1] the order of seqs is the order of commits, and neither they nor the numbers have a hole', async () => {
    await using nodes = await twoNodes()
    const { world, beside } = nodes
    const [alice, bob] = await world.people('alice', 'bob')
    const post = (store: Store, by: typeof alice, body: string) =>
      store.write<Message>({ name: 'message.post', input: { roomId: 'general', body }, actor: by.actor })
    const before = await world.seqOf('room:general')
    const posted = await Promise.all(
      Array.from({ length: 200 }, (_, at) => (at % 2 ? post(beside, bob, `bob's ${at}`) : post(world.store, alice, `alice's ${at}`))),
    )
    expect(posted.map(({ n }) => n).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, at) => at + 1))
    const stored = (await world.table('messages')).toSorted((a, b) => a.n - b.n)
    expect(stored.map(({ changed }) => changed)).toEqual(stored.map(({ changed }) => changed).toSorted((a, b) => a - b))
    expect(stored.at(-1)!.changed).toBe(await world.seqOf('room:general'))
    expect(stored[0]!.changed).toBeGreaterThan(before)
  })

  test('[W4] [F1] what is written in many rooms shares commits, and each room has its own numbers and seqs, without a hole', async () => {
    await using nodes = await twoNodes()
    const { world, beside, failures } = nodes
    const [alice, bob] = await world.people('alice', 'bob')
    const names = Array.from({ length: 40 }, (_, at) => `room ${at}`)
    const rooms = await Promise.all(names.map((name) => alice.does<Room>('room.create', { name, kind: 'open' })))
    for (const { id } of rooms) await alice.does('member.add', { roomId: id, id: bob.id })
    const before = new Map(await Promise.all(rooms.map(async ({ id }) => [id, await world.seqOf(roomTopic(id))] as const)))
    const { commits } = world.store.queue.stats
    const post = (store: Store, by: typeof alice, roomId: string) =>
      store.write<Message>({ name: 'message.post', input: { roomId, body: 'x' }, actor: by.actor })
    const both = (roomId: string) => [post(world.store, alice, roomId), post(beside, bob, roomId)]
    await Promise.all([...rooms, ...rooms, ...rooms].flatMap(({ id }) => both(id)))
    expect(world.store.queue.stats.commits - commits).toBeLessThanOrEqual(8)
    const stored = Map.groupBy(await world.table('messages'), ({ roomId }) => roomId)
    for (const { id } of rooms) {
      const inOrder = stored.get(id)!.toSorted((a, b) => a.n - b.n)
      expect(inOrder.map(({ n, changed }) => [n, changed - before.get(id)!])).toEqual([1, 2, 3, 4, 5, 6].map((n) => [n, n]))
    }
    expect([...failures, ...world.failures]).toEqual([])
  })

  test('[W7] what they lock they lock in one order: nobody waits for somebody who waits', async () => {
    await using nodes = await twoNodes()
    const { world, beside, failures } = nodes
    const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
    const people = [alice, bob, carol]
    const rooms = await Promise.all(['one', 'two'].map((name) => alice.does<Room>('room.create', { name, kind: 'open' })))
    const writes = Array.from({ length: 90 }, (_, at) => {
      const by = people[at % 3]!
      const roomId = rooms[at % 2]!.id
      const each = [
        () => ({ name: 'member.add', input: { roomId, id: people[(at + 1) % 3]!.id } }),
        () => ({ name: 'room.leave', input: { roomId } }),
        () => ({ name: 'room.read', input: { roomId, readTo: 0 } }),
        () => ({ name: 'direct.open', input: { people: [people[(at + 1) % 3]!.id, people[(at + 2) % 3]!.id] } }),
        () => ({ name: 'notification.publish', input: { to: people.map(({ id }) => id), title: 'all' } }),
      ]
      return { ...each[at % each.length]!(), actor: by.actor }
    })
    const answers = await Promise.allSettled(writes.map((write, at) => (at % 2 ? beside : world.store).write(write)))
    const codes = answers.map((answer) => (answer.status === 'rejected' ? (answer.reason as Refusal).body.code : 'done'))
    expect(codes.filter((code) => ['internal', 'unknown', 'unavailable'].includes(code))).toEqual([])
    expect(codes.filter((code) => code === 'busy').length).toBeLessThan(10)
    // Where the machine is busy, the last of many may wait for too long, and is told to come again: a deadlock is another failure.
    expect([...failures, ...world.failures].filter((failure) => !String(failure).includes('lock timeout'))).toEqual([])
  })

  test('[W3] the same id at both is one message', async () => {
    await using nodes = await twoNodes()
    const alice = await nodes.world.person('alice')
    for (let round = 0; round < 20; round++) {
      const write = { name: 'message.post', input: { roomId: 'general', id: uuidv7(), body: `${round}` }, actor: alice.actor }
      const answers = await Promise.all([nodes.world.store.write<Message>(write), nodes.beside.write<Message>(write)])
      expect(answers.filter((answer) => 'duplicate' in answer)).toHaveLength(1)
    }
    expect(await nodes.world.table('messages')).toHaveLength(20)
  })

  test('[W3] the same id for two rooms is one message, and a conflict', async () => {
    await using nodes = await twoNodes()
    const alice = await nodes.world.person('alice')
    const { id: other } = await alice.does<Room>('room.create', { name: 'other', kind: 'open' })
    for (let round = 0; round < 10; round++) {
      const id = uuidv7()
      const write = (roomId: string) => ({ name: 'message.post', input: { roomId, id, body: 'x' }, actor: alice.actor })
      const answers = await Promise.allSettled([nodes.world.store.write(write('general')), nodes.beside.write(write(other))])
      expect(answers.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
      const refusal = answers.find((answer) => answer.status === 'rejected')!.reason as Refusal
      expect(refusal.body.code).toBe('conflict')
    }
  })

  test('a name is taken once', async () => {
    await using nodes = await twoNodes()
    const write = { name: 'user.create', input: { username: 'carol', passwordHash: 'none' }, actor: OPERATOR }
    const answers = await Promise.allSettled([nodes.world.store.write(write), nodes.beside.write(write), nodes.beside.write(write)])
    expect(answers.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected', 'rejected'])
  })

  test('[N2] an Idempotency-Key acts once', async () => {
    await using nodes = await twoNodes()
    const alice = await nodes.world.person('alice')
    const once = { caller: 'ci', key: 'k', fingerprint: 'f' }
    const write = { name: 'notification.publish', input: { to: alice.id, title: 'once' }, actor: OPERATOR, once }
    const answers = await Promise.all([nodes.world.store.write(write), nodes.beside.write(write), nodes.beside.write(write)])
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    expect(await nodes.world.table('notifications')).toHaveLength(1)
  })

  test('[W5] of two that take jobs, each takes others', async () => {
    await using nodes = await twoNodes()
    const { world, beside } = nodes
    await onServer(world.databaseUrl!, async (client) => {
      for (let at = 0; at < 50; at++) {
        await client.query(`INSERT INTO jobs (id, kind, input, "dueAt") VALUES ($1, 'test', '{}', 0)`, [`j${at}`])
      }
    })
    const claims = await Promise.all(
      Array.from({ length: 6 }, (_, at) =>
        (at % 2 ? beside : world.store).write<Claimed>({ name: 'job.claim', input: {}, actor: OPERATOR }),
      ),
    )
    const taken = claims.flatMap(({ jobs }) => jobs.map(({ id }) => id))
    expect(new Set(taken).size).toBe(taken.length)
    expect(taken.length).toBeGreaterThanOrEqual(20)
  })
})

describe('a database that is held, or away', () => {
  test('[W7] whoever waits too long for a lock is told to come again, and stored nothing', async () => {
    await using world = await World.open()
    const alice = await world.person('alice')
    await onServer(world.databaseUrl!, async (client) => {
      await client.query(`BEGIN; SELECT * FROM topics WHERE topic = 'room:general' FOR UPDATE`)
      expect(await refused(alice.post('held'))).toMatchObject({ code: 'busy', retryAfterMs: expect.any(Number) as number })
      await client.query('ROLLBACK')
    })
    expect(await alice.post('free')).toMatchObject({ n: 1 })
  })

  test('[P4] so is whoever only looks, also to see who asks', async () => {
    await using world = await World.open()
    await using http = await openWorld({ databaseUrl: world.databaseUrl! })
    const alice = await http.person('alice')
    await onServer(world.databaseUrl!, async (client) => {
      for (const table of ['messages', 'sessions']) {
        await client.query(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`)
        const answer = await alice.get('/rooms/general/messages')
        expect(answer).toMatchObject({ status: 503, body: { code: 'busy', retryAfterMs: expect.any(Number) as number } })
        await client.query('ROLLBACK')
      }
    })
    expect(await alice.get('/rooms/general/messages')).toMatchObject({ status: 200 })
  })

  test('what the address asks of the server comes beside what we ask of it, not in its place', async () => {
    await using world = await World.open()
    const url = new URL(world.databaseUrl!)
    url.searchParams.set('options', '-c work_mem=5MB -c lock_timeout=0')
    await using store = await opens(url.href)
    const { rows } = await store.read((db) =>
      sql`SELECT current_setting('work_mem') AS memory, current_setting('lock_timeout') AS lock, current_setting('statement_timeout') AS statement`.execute(
        db,
      ),
    )
    expect(rows).toEqual([{ memory: '5MB', lock: '3s', statement: '15s' }])
  })

  test('commands and reads are refused as unavailable until it is back; then all goes on by itself', async () => {
    await using server = await startPostgres()
    await using store = await opens(server.url)
    await store.write(NOTHING)
    await server.kill()
    // What it has started ends a moment later.
    await expect.poll(() => store.write(NOTHING).catch(({ name }: Error) => name)).toBe('Refusal')
    const isAway = { code: 'unavailable', retryAfterMs: expect.any(Number) as number }
    expect(await refused(store.write(NOTHING))).toMatchObject(isAway)
    expect(await refused(store.read((db) => db.selectFrom('meta').selectAll().execute()))).toMatchObject(isAway)
    await server.start()
    expect(await store.write(NOTHING)).toBeNull()
    expect(await store.read((db) => db.selectFrom('rooms').select('id').execute())).toEqual([{ id: 'general' }])
  })

  test('[W2] a commit that is not answered is unknown; sent again it gets the message that was stored', async () => {
    await using world = await World.open()
    const alice = await world.person('alice')
    await using line = await openLine(world.databaseUrl!)
    await using store = await opens(line.url)
    const write = { name: 'message.post', input: { roomId: 'general', id: uuidv7(), body: 'once' }, actor: alice.actor }
    line.cutsAnswerTo('COMMIT\0')
    expect(await refused(store.write(write))).toMatchObject({ code: 'unknown' })
    expect(await store.write(write)).toMatchObject({ n: 1, duplicate: true })
    line.cutsAnswerTo('insert into "messages"')
    const other = { ...write, input: { ...write.input, id: uuidv7() } }
    expect(await refused(store.write(other))).toMatchObject({ code: 'unavailable' })
    expect(await store.write(other)).not.toHaveProperty('duplicate')
    expect((await world.table('messages')).map(({ n }) => n).toSorted((a, b) => a - b)).toEqual([1, 2])
  })
})

describe('opening', () => {
  const emptyDatabase = async (options = '') => {
    const url = new URL(inject('postgres')!)
    const name = `empty_${uuidv7().replaceAll('-', '')}`
    await onServer(url.href, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE template0 ${options}`))
    url.pathname = name
    return url.href
  }
  const whyNot = (url: string) =>
    opens(url).then(
      () => 'it opened',
      ({ name, message }: Error) => `${name}: ${message}`,
    )

  test('of several nodes that start at once on an empty database one makes the tables, and all are of one epoch', async () => {
    const url = await emptyDatabase()
    const stores = await Promise.all(Array.from({ length: 4 }, () => opens(url)))
    expect(new Set(stores.map(({ epoch }) => epoch)).size).toBe(1)
    expect(await stores[3]!.read((db) => db.selectFrom('rooms').select('id').execute())).toEqual([{ id: 'general' }])
    for (const store of stores) await store[Symbol.asyncDispose]()
    await dropDatabase(url)
  })

  test('texts are in the order of their bytes, whatever language the server speaks', async () => {
    await using world = await World.open()
    const names = ['a_b', 'aa', 'a-b', 'ab', 'zz', 'Zz']
    const values = names.map((name) => `('${name}')`).join(', ')
    await onServer(world.databaseUrl!, async (client) => {
      const { rows } = await client
        .query(
          `INSERT INTO meta (key, value) SELECT key, '' FROM (VALUES ${values}) AS given (key); SELECT key FROM meta WHERE value = '' ORDER BY key`,
        )
        .then((results) => (results as unknown as pg.QueryResult<{ key: string }>[])[1]!)
      expect(rows.map(({ key }) => key)).toEqual(names.toSorted())
    })
  })

  test('what others keep in the same database stays as it is', async () => {
    const url = await emptyDatabase()
    await onServer(url, async (client) => {
      await client.query(`CREATE TABLE theirs (one text COLLATE "en-x-icu"); CREATE VIEW seen AS SELECT one FROM theirs`)
      for (let start = 0; start < 2; start++) await (await opens(url))[Symbol.asyncDispose]()
      const { rows } = await client.query(
        `SELECT table_name, collation_name FROM information_schema.columns WHERE column_name IN ('one', 'username') ORDER BY 1`,
      )
      expect(rows.map(({ table_name: table, collation_name: collation }) => `${table} ${collation}`)).toEqual([
        'seen en-x-icu',
        'theirs en-x-icu',
        'users C',
      ])
    })
    await dropDatabase(url)
  })

  test('what is wrong is said in a line', async () => {
    const url = await emptyDatabase()
    const wrong = (change: (at: URL) => void) => {
      const at = new URL(url)
      change(at)
      return at.href
    }
    expect(await whyNot(wrong((at) => (at.password = 'wrong')))).toMatch(/^CannotStart: .*refuses this user or password/)
    expect(await whyNot(wrong((at) => (at.pathname = 'nowhere')))).toMatch(
      /^CannotStart: .*does not exist\. .* makes it: `createdb --encoding=UTF8 --template=template0 --locale=C -h \S+ -p \d+ -O \w+ nowhere`\.$/,
    )
    expect(await whyNot(wrong((at) => (at.port = '1')))).toMatch(/^CannotStart: .*cannot be reached/)
    const latin = await emptyDatabase(`ENCODING 'LATIN1' LOCALE 'C'`)
    expect(await whyNot(latin)).toMatch(
      new RegExp(`^CannotStart: .*has the encoding LATIN1\\. Make another one: \`createdb .* ${new URL(latin).pathname.slice(1)}2\`\\.$`),
    )
    await dropDatabase(latin)
    expect(await whyNot(wrong((at) => at.searchParams.set('sslrootcert', '/nope.pem')))).toMatch(
      /^CannotStart: DATABASE_URL: empty_\w+ at \S+ names a file that cannot be read \(ENOENT: .*'\/nope\.pem'\)\.$/,
    )
    expect(await whyNot(wrong((at) => at.searchParams.set('sslrootcert', '/')))).toMatch(/names a file that cannot be read \(EISDIR: /)
    const future = await opens(url)
    await future[Symbol.asyncDispose]()
    await onServer(url, (client) =>
      client.query(`INSERT INTO kysely_migration (name, timestamp) VALUES ('9999-later', '2099-01-01T00:00:00.000Z')`),
    )
    expect(await whyNot(url)).toMatch(/^CannotStart: .*written by a newer Belfry/)
    await dropDatabase(url)
  })

  test('[F8] a restored database is another one', async () => {
    await using nodes = await twoNodes()
    await nodes.beside.write({ name: 'epoch.renew', input: {}, actor: OPERATOR })
    await using again = await opens(nodes.url)
    expect(again.epoch).not.toBe(nodes.beside.epoch)
  })
})
