import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RedisBus } from '@belfry/server/bus/redis.ts'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { runBelfry } from '#bench/src/programs/belfry-server.ts'
import { certificateOf } from '#bench/src/programs/certificate.ts'
import { startRedis } from '#bench/src/programs/redis.ts'
import { FORGETFUL, startPostgres } from '#bench/src/programs/postgres.ts'
import { startCluster } from '#bench/src/programs/cluster.ts'
import { nginx, openssl, postgres, redis } from '#test/binaries.ts'

const PASSWORD = 'correct horse battery'

describe.skipIf(redis.missing)('the command line beside several nodes', () => {
  test('tells them what it has changed, and changes it all the same when Redis is away', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'belfry-test-'))
    await using program = await startRedis()
    await using bus = new RedisBus({ url: program.url, warn() {} })
    await expect.poll(() => bus.isAlive).toBe(true)
    const names: (string | undefined)[] = []
    bus.listen(({ rows }) => names.push(...(rows.user ?? []).map(({ username }) => username)))
    const settings = { DATA_DIR: folder, REDIS_URL: program.url }
    const create = (name: string) => runBelfry(settings, ['user', 'create', name, '--password-stdin'], PASSWORD)

    await create('alice')
    await expect.poll(() => names).toEqual(['alice'])
    await program.kill()
    await create('bob')
    expect(await runBelfry(settings, ['user', 'list'])).toContain('bob')
    rmSync(folder, { recursive: true })
  })
})

/** Each look is a program of its own. */
const DOCTOR_PATIENCE = { timeout: 120_000 }

describe.skipIf([nginx, openssl, postgres, redis].some(({ missing }) => missing))('the doctor', () => {
  test('finds two nodes behind nginx well, and says when Redis is away', async () => {
    await using cluster = await startCluster(2, { WEB: 'off' })
    const settings = { ...cluster.settings, NODE_EXTRA_CA_CERTS: certificateOf(cluster.nginx) }
    await runBelfry(settings, ['user', 'create', 'alice', '--password-stdin'], PASSWORD)
    const findings = async () => Object.fromEntries([...(await examined(settings)).values()].map(({ what, is }) => [what, is]))
    const well = { Redis: 'good', clock: 'good', [cluster.url]: 'good', proxy: 'good', sockets: 'good', streams: 'good', telling: 'good' }
    await expect.poll(findings, DOCTOR_PATIENCE).toMatchObject(well)
    const wary = await examined({ ...settings, NODE_EXTRA_CA_CERTS: '' })
    expect(wary.get(cluster.url)).toMatchObject({ is: 'bad', says: expect.stringMatching(/not trusted.*NODE_EXTRA_CA_CERTS/) as string })
    await cluster.redis.kill()
    await expect.poll(findings, DOCTOR_PATIENCE).toMatchObject({ Redis: 'bad', clock: 'good', [cluster.url]: 'bad', proxy: 'good' })
  })

  test('leaves an empty PostgreSQL as it is, and says what is no bus', async () => {
    await using database = await startPostgres(FORGETFUL)
    await using bus = await startRedis()
    const found = await examined({
      DATABASE_URL: database.url,
      REDIS_URL: bus.url.replace('redis:', 'rediss:'),
      BASE_URL: 'http://127.0.0.1:9',
    })
    expect(found.get('database')).toMatchObject({ is: 'unknown', says: expect.stringContaining('holds no tables of Belfry yet') as string })
    expect(found.get('Redis')).toMatchObject({ is: 'bad', says: expect.stringContaining('whether it runs and speaks TLS') as string })
    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    const { rows } = await client.query(`SELECT tablename FROM pg_tables WHERE schemaname = 'public'`)
    await client.end()
    expect(rows).toEqual([])
  })

  test('says that a PostgreSQL without tables takes none', async () => {
    await using database = await startPostgres([...FORGETFUL, 'default_transaction_read_only=on'])
    const found = await examined({ DATABASE_URL: database.url, BASE_URL: 'http://127.0.0.1:9' })
    expect(found.get('database')).toMatchObject({ is: 'bad', says: expect.stringContaining('takes no writes') as string })
  })
})

interface Finding {
  what: string
  is: string
  says: string
}

/** What the doctor finds, by what it looked at; it fails where something is wrong. */
async function examined(settings: Record<string, string>): Promise<Map<string, Finding>> {
  const text = await runBelfry(settings, ['doctor', '--json']).catch(({ stdout }: { stdout: string }) => stdout)
  const { findings } = JSON.parse(text) as { findings: Finding[] }
  return new Map(findings.map((finding) => [finding.what, finding]))
}
