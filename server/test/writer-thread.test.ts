import { chmodSync, mkdtempSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { KyselyPlugin } from 'kysely'
import { expect, test } from 'vitest'
import { writes } from '#commands.ts'
import { systemClock } from '#lib/clock.ts'
import { runBatch } from '#store/sqlite/run-batch.ts'
import { openWriter } from '#store/sqlite/connection.ts'
import { lockFolder } from '#store/sqlite/folder.ts'
import { migrateFile } from '#store/sqlite/migrate-file.ts'
import { openStore, type Store } from '#store/store.ts'
import { until } from './settle.ts'
import { testWrites } from './test-writes.ts'
import { refusal, World } from './world.ts'

const OPERATOR = { is: 'operator' } as const

function tempFolder(): string {
  return mkdtempSync(join(tmpdir(), 'belfry-test-'))
}

/** The real writer's script, but for a write that ends its thread. */
function mortalScript(folder: string): URL {
  const script = join(folder, 'mortal.ts')
  const real = new URL('../src/writer.ts', import.meta.url)
  writeFileSync(
    script,
    `import { parentPort } from 'node:worker_threads'
     parentPort.on('message', ({ writes }) => { if (writes?.some(({ name }) => name === 'die')) process.exit(1) })
     await import(${JSON.stringify(real.href)})`,
  )
  return pathToFileURL(script)
}

async function openMortal(): Promise<{ store: Store; failures: string[]; moves: () => number }> {
  const folder = tempFolder()
  const failures: string[] = []
  let moves = 0
  const store = await openStore({
    folder,
    writes,
    clock: systemClock,
    writerScript: mortalScript(folder),
    onAnnouncements() {},
    onMoved: () => (moves += 1),
    onFailure: (failure) => failures.push(failure),
  })
  return { store, failures, moves: () => moves }
}

test('[W2] [W6] a writer thread that dies leaves its batch unknown; the next batch starts another', async () => {
  const { store, failures, moves } = await openMortal()
  await using _ = store
  const addsUser = (username: string) => store.write({ name: 'user.create', input: { username, passwordHash: 'none' }, actor: OPERATOR })
  await addsUser('alice')
  expect(await refusal(store.write({ name: 'die', input: {}, actor: OPERATOR }))).toBe('unknown')
  await addsUser('bob')
  expect(await store.read((db) => db.selectFrom('users').select('username').execute())).toHaveLength(2)
  expect(failures).toHaveLength(1)
  await until(() => moves() > 0)
})

test('[W6] a store whose writer thread has failed is not ready, however late one asks', async () => {
  const folder = tempFolder()
  const script = join(folder, 'broken.ts')
  writeFileSync(script, `throw new Error('broken')`)
  await using store = await openStore({
    folder,
    writes,
    clock: systemClock,
    writerScript: pathToFileURL(script),
    onAnnouncements() {},
    onFailure() {},
  })
  for (let times = 0; times < 2; times++) await expect(store.ready()).rejects.toThrow('broken')
})

test('[W2] a commit that fails for no known reason is unknown, and is not tried again', async () => {
  await using world = await World.open()
  const connection = openWriter(join(world.folder, 'belfry.sqlite'))
  const begun: string[] = []
  const broken = {
    ...connection,
    exec(sql: string) {
      begun.push(sql)
      if (sql === 'COMMIT') throw Object.assign(new Error('disk I/O error'), { errcode: 10 })
      connection.exec(sql)
    },
  }
  const add = (username: string) => ({ name: 'user.create', input: { username, passwordHash: 'none' }, actor: OPERATOR })
  const context = { connection: broken, table: testWrites, now: () => 1, epoch: 'e' }
  const { outcomes, announcements } = await runBatch(context, [add('alice'), add('bob')])
  connection.close()
  expect(outcomes.map(({ is }) => is)).toEqual(['unknown', 'unknown'])
  expect(announcements).toEqual([])
  expect(begun.filter((sql) => sql.startsWith('BEGIN'))).toHaveLength(1)
})

/** Fails at the first query that says this. */
function dyingAt(words: string): KyselyPlugin {
  return {
    transformQuery({ node }) {
      if (JSON.stringify(node).includes(words)) throw new Error('killed')
      return node
    },
    transformResult: async ({ result }) => result,
  }
}

test('a migration that is cut off in the middle leaves nothing behind', async () => {
  const path = join(tempFolder(), 'belfry.sqlite')
  const connection = openWriter(path)
  const dying = { ...connection, db: connection.db.withPlugin(dyingAt('CREATE TABLE counts')) }
  await expect(migrateFile(dying, path)).rejects.toThrow('killed')
  await migrateFile(connection, path)
  expect(await connection.db.selectFrom('rooms').select('id').execute()).toEqual([{ id: 'general' }])
  connection.close()
})

test('a folder that was there keeps its rights; what is made in it is for its owner alone', async () => {
  const folder = tempFolder()
  chmodSync(folder, 0o755)
  using _lock = lockFolder(folder)
  await using world = await World.open({ folder })
  await world.person('alice')
  expect(statSync(folder).mode & 0o777).toBe(0o755)
  for (const file of ['belfry.sqlite', 'belfry.sqlite-wal', 'serving.lock']) expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600)
})

test('[F8] after an older copy was put in place the database is another incarnation', async () => {
  const folder = tempFolder()
  const open = () => openStore({ folder, writes, clock: systemClock, onAnnouncements() {}, onFailure() {} })
  const first = await open()
  await first.write({ name: 'epoch.renew', input: {}, actor: OPERATOR })
  await first[Symbol.asyncDispose]()
  await using second = await open()
  expect(second.epoch).not.toBe(first.epoch)
})
