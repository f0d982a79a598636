import { describe, expect, test } from 'vitest'
import { Link } from '#bench/checker/faults/link.ts'
import { postgres as wire } from '#bench/checker/faults/postgres.ts'
import { runBelfry, startNode } from '#bench/src/programs/belfry-server.ts'
import { type LocalProgram, makePlace } from '#bench/src/programs/local-program.ts'
import { startPostgres } from '#bench/src/programs/postgres.ts'
import { postgres } from '#test/binaries.ts'
import { asks, epochAfter, takesOver } from './incarnations.ts'

const PASSWORD = 'correct horse battery'

describe.skipIf(postgres.missing)('a node that runs on while its database becomes another', () => {
  test('[F8] begins anew after a failover, and after an older copy was put in place', async () => {
    await using database = await startPostgres()
    const settings = { DATABASE_URL: database.url, WEB: 'off' }
    await using node = await startNode(await makePlace('node'), settings)
    await runBelfry(settings, ['user', 'create', 'alice', '--password-stdin'], PASSWORD)
    const cookie = await signsIn(node)
    const first = await epochAfter(node, null)

    const before = follows(node, cookie)
    await expect.poll(before.told).toContain(`"epoch":"${first}"`)
    await takesOver(database)
    await before.ended
    const second = await epochAfter(node, first)
    const after = follows(node, cookie)
    await expect.poll(after.told).toContain(`"epoch":"${second}"`)

    await asks(database, `UPDATE topics SET seq = seq - 1 WHERE topic = 'room:general'`)
    await after.ended
    const third = await epochAfter(node, second)
    const anew = follows(node, cookie)
    await expect.poll(anew.told).toContain(`"epoch":"${third}"`)
  })

  test('[F8] tries until it can, where the database goes away again meanwhile', async () => {
    await using database = await startPostgres()
    await using link = await Link.open(database.port, wire)
    const settings = { DATABASE_URL: database.url.replace(`:${database.port}/`, `:${link.port}/`), WEB: 'off' }
    await using node = await startNode(await makePlace('node'), settings)
    const first = await epochAfter(node, null)
    const { pid } = node

    let cuts = 0
    link.deal(({ bytes, kind }, { cut }) => {
      if (!kind.startsWith('Q ') || !bytes.includes('pg_advisory_xact_lock')) return [bytes]
      cuts += 1
      cut()
      return []
    })
    await takesOver(database)
    await expect.poll(() => cuts).toBeGreaterThan(1)
    await expect(fetch(`${node.url}/health`)).rejects.toThrow('fetch failed')
    link.restore()
    await epochAfter(node, first)
    expect([node.isRunning, node.pid]).toEqual([true, pid])
  })
})

async function signsIn({ url }: LocalProgram): Promise<string> {
  const body = JSON.stringify({ username: 'alice', password: PASSWORD })
  const answer = await fetch(`${url}/api/v1/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  return answer.headers.getSetCookie()[0]!.split(';')[0]!
}

/** `ended`: resolves when the node has closed the stream. */
function follows({ url }: LocalProgram, cookie: string): { told(): string; ended: Promise<void> } {
  let text = ''
  const reading = fetch(`${url}/api/v1/topics/room:general/changes`, { headers: { cookie } }).then(({ body }) =>
    body!.pipeThrough(new TextDecoderStream()).pipeTo(new WritableStream({ write: (piece) => void (text += piece) })),
  )
  return { told: () => text, ended: reading.catch(() => {}) }
}
