import { describe, expect, test } from 'vitest'
import { Link } from '#bench/checker/faults/link.ts'
import { postgres as wire } from '#bench/checker/faults/postgres.ts'
import { startNode } from '#bench/src/programs/belfry-server.ts'
import { makePlace } from '#bench/src/programs/local-program.ts'
import { FORGETFUL, startPostgres } from '#bench/src/programs/postgres.ts'
import { postgres } from '#test/binaries.ts'

const NODE = { WEB: 'off' }

describe.skipIf(postgres.missing)('a node that starts', () => {
  test('serves nobody before it has stored what its start stores: without the database it ends', async () => {
    await using database = await startPostgres(FORGETFUL)
    await using _first = await startNode(await makePlace('node'), { ...NODE, DATABASE_URL: database.url })
    await using link = await Link.open(database.port, wire)
    const last = Promise.withResolvers<void>()
    link.deal(({ bytes }) => {
      if (bytes.includes('firstInvite')) {
        link.hold()
        last.resolve()
      }
      return [bytes]
    })
    const place = await makePlace('node')
    const starting = startNode(place, { ...NODE, DATABASE_URL: database.url.replace(`:${database.port}/`, `:${link.port}/`) })
    starting.catch(() => {})

    await last.promise
    await expect(fetch(`http://127.0.0.1:${place.port}/health`)).rejects.toThrow('fetch failed')
    link.cut()
    await expect(starting).rejects.toThrow('The database cannot be reached')
  })
})
