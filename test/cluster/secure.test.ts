import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { runBelfry, startNode } from '#bench/src/programs/belfry-server.ts'
import { certificateOf } from '#bench/src/programs/certificate.ts'
import { type LocalProgram, makePlace } from '#bench/src/programs/local-program.ts'
import { certified, FORGETFUL, startPostgres } from '#bench/src/programs/postgres.ts'
import { startRedis } from '#bench/src/programs/redis.ts'
import { openssl, postgres, redis } from '#test/binaries.ts'

describe.skipIf([openssl, postgres, redis].some(({ missing }) => missing))(
  'a node whose database and Redis are reached by TLS alone, with a password',
  () => {
    test('trusts an authority of one’s own, and nobody else', async () => {
      await using database = await startSecurePostgres()
      await using bus = await startRedis('secure')
      const settings = {
        DATABASE_URL: verified(database.url, certificateOf(database)),
        REDIS_URL: bus.url,
        NODE_EXTRA_CA_CERTS: certificateOf(bus),
        WEB: 'off',
      }
      await using node = await startNode(await makePlace('node'), settings)
      await expect.poll(() => health(node.url)).toMatchObject({ status: 'ok', bus: 'ok' })
      expect(await encrypted(database.url)).toEqual([true])

      await using wary = await startNode(await makePlace('node'), { ...settings, NODE_EXTRA_CA_CERTS: '' })
      await expect.poll(() => health(wary.url)).toMatchObject({ status: 'ok', bus: 'silent' })
      // The certificate names `localhost` and 127.0.0.1.
      const lists = (host: string) =>
        runBelfry({ ...settings, DATABASE_URL: verified(database.url, certificateOf(database), host) }, ['user', 'list'])
      await lists('127.0.0.1')
      await expect(lists('127.0.0.2')).rejects.toThrow(/is not trusted \(Hostname\/IP does not match/)
      const strange = { ...settings, DATABASE_URL: verified(database.url, certificateOf(bus)) }
      await expect(runBelfry(strange, ['user', 'list'])).rejects.toThrow(
        /DATABASE_URL: postgres at localhost:\d+ is not trusted \(self-signed certificate/,
      )
    })

    test('says that a server knows no TLS', async () => {
      await using database = await startPostgres(FORGETFUL)
      const settings = { DATABASE_URL: verified(database.url, '') }
      await expect(runBelfry(settings, ['user', 'list'])).rejects.toThrow(/DATABASE_URL: .* has no TLS\. Turn it on there/)
    })
  },
)

async function startSecurePostgres(): Promise<LocalProgram> {
  const place = await makePlace('postgres')
  return startPostgres([...FORGETFUL, 'listen_addresses=127.0.0.1,127.0.0.2', ...(await certified(place))], place)
}

function verified(databaseUrl: string, authority: string, host = 'localhost'): string {
  const url = new URL(databaseUrl)
  url.hostname = host
  url.searchParams.set('sslmode', 'verify-full')
  if (authority) url.searchParams.set('sslrootcert', authority)
  return url.href
}

async function health(url: string): Promise<unknown> {
  return (await fetch(`${url}/health`)).json()
}

/** Whether what Belfry says to the database is. */
async function encrypted(databaseUrl: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  const { rows } = await client.query<{ ssl: boolean }>(
    `SELECT DISTINCT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'belfry'`,
  )
  await client.end()
  return rows.map(({ ssl }) => ssl)
}
