import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RedisBus } from '@belfry/server/bus/redis.ts'
import { describe, expect, test } from 'vitest'
import { runBelfry } from '#bench/src/programs/belfry-server.ts'
import { certificateOf } from '#bench/src/programs/certificate.ts'
import { startRedis } from '#bench/src/programs/redis.ts'
import { startCluster } from '#bench/src/programs/cluster.ts'
import { nginx, openssl, postgres, redis } from '#test/binaries.ts'

const PASSWORD = 'correct horse battery'
const WITHIN_MS = 120_000

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

describe.skipIf([nginx, openssl, postgres, redis].some(({ missing }) => missing))('the doctor', () => {
  test('finds two nodes behind nginx well, and says when Redis is away', { timeout: WITHIN_MS }, async () => {
    await using cluster = await startCluster(2, { WEB: 'off' })
    const settings = { ...cluster.settings, NODE_EXTRA_CA_CERTS: certificateOf(cluster.nginx) }
    await runBelfry(settings, ['user', 'create', 'alice', '--password-stdin'], PASSWORD)
    const findings = async () => {
      const text = await runBelfry(settings, ['doctor', '--json']).catch(({ stdout }: { stdout: string }) => stdout)
      const said = JSON.parse(text) as { findings: { what: string; is: string }[] }
      return Object.fromEntries(said.findings.map(({ what, is }) => [what, is]))
    }
    const well = { Redis: 'good', clock: 'good', [cluster.url]: 'good', proxy: 'good', sockets: 'good', streams: 'good', telling: 'good' }
    expect(await findings()).toMatchObject(well)
    await cluster.redis.kill()
    await expect.poll(findings, { timeout: 30_000 }).toMatchObject({ Redis: 'bad', clock: 'good', [cluster.url]: 'bad', proxy: 'good' })
  })
})
