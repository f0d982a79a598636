import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect } from '@belfry/client/belfry.ts'
import { describe, expect, test } from 'vitest'
import { runBelfry, startNode } from '#bench/src/programs/belfry-server.ts'
import { makePlace } from '#bench/src/programs/local-program.ts'
import { startPostgres } from '#bench/src/programs/postgres.ts'
import { postgres } from '#test/binaries.ts'

const PASSWORD = 'correct horse battery'

describe.skipIf(postgres.missing)('a server that moves from its folder to PostgreSQL', () => {
  test('[F8] takes everything along, while none runs: who was signed in goes on there, and starts afresh', async () => {
    await using database = await startPostgres()
    const place = await makePlace('moving')
    const settings = { DATA_DIR: place.folder, LOG_LEVEL: 'warn' }
    const move = (...more: string[]) => runBelfry(settings, ['move', database.url, ...more])
    await runBelfry(settings, ['user', 'create', 'alice', '--password-stdin'], PASSWORD)

    const before = await startNode(place, { WEB: 'off' })
    const alice = connect({ url: before.url, token: await tokenAt(before.url), rooms: ['general'] })
    const bodies = () =>
      alice
        .room('general')
        .view.get()
        .items.map(({ body, state }) => `${body} ${state}`)
    alice.room('general').post('in the folder')
    await expect.poll(bodies).toEqual(['in the folder sent'])
    await expect(move()).rejects.toThrow(/Another Belfry server is already using the data folder .* Nothing was copied\./)
    await before.kill('SIGTERM')

    const file = readFileSync(join(place.folder, 'belfry.sqlite'))
    expect(await move()).toMatch(
      /^TABLE +ROWS\n(\w+ +\d+\n)*messages +1\n[^]* holds them all, row by row as they are in [^]*Set DATABASE_URL/,
    )
    expect(readFileSync(join(place.folder, 'belfry.sqlite'))).toEqual(file)
    await expect(move('--json')).rejects.toThrow(/"cannot-start","detail":"The database \S+ at \S+ is not empty/)

    await using _after = await startNode(place, { WEB: 'off', DATABASE_URL: database.url })
    alice.room('general').post('in PostgreSQL')
    await expect.poll(() => (alice.retryNow(), bodies())).toEqual(['in the folder sent', 'in PostgreSQL sent'])
    alice.close()
    const backup = join(place.folder, 'one.backup')
    const said = await runBelfry({ ...settings, DATABASE_URL: database.url }, ['backup', backup, '--json'])
    expect(JSON.parse(said)).toMatchObject({ file: backup, messages: 2, users: 1 })
  })
})

async function tokenAt(url: string): Promise<string> {
  const body = JSON.stringify({ username: 'alice', password: PASSWORD })
  const answer = await fetch(`${url}/api/v1/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  return /^belfry=([^;]+)/.exec(answer.headers.get('set-cookie')!)![1]!
}
