import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RedisBus } from '@belfry/server/bus/redis.ts'
import { describe, expect, test } from 'vitest'
import { runBelfry } from '#bench/src/programs/belfry-server.ts'
import { startRedis } from '#bench/src/programs/redis.ts'
import { redis } from '#test/binaries.ts'

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
