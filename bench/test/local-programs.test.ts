import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { findPostgres, findProgram, findRedis } from '#programs/find-program.ts'
import type { LocalProgram } from '#programs/local-program.ts'
import { startNginx } from '#programs/nginx.ts'
import { startPostgres } from '#programs/postgres.ts'
import { startRedis } from '#programs/redis.ts'

/** Asks for TLS, in the words of PostgreSQL's protocol: N means no. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])

describe.skipIf(findPostgres() === null)('PostgreSQL', () => {
  behaves(startPostgres, { says: SSL_REQUEST, hears: 'N' })
})

describe.skipIf(findRedis() === null)('Redis', () => {
  behaves(startRedis, { says: 'PING\r\n', hears: '-NOAUTH Authentication required.\r\n' })
})

describe.skipIf(findProgram('nginx') === null)('nginx', () => {
  behaves(() => startNginx({ upstreams: [1] }), {
    says: 'GET / HTTP/1.0\r\n\r\n',
    hears: expect.stringContaining('400 Bad Request'),
  })
})

/** What any program of the machine does that is started in a place of its own. */
function behaves(start: () => Promise<LocalProgram>, { says, hears }: { says: string | Buffer; hears: unknown }): void {
  test('answers until it is killed, and again when it was started again', async () => {
    await using program = await start()
    const { port } = program
    expect(await answer(port, says)).toEqual(hears)

    await program.kill()
    await expect(answer(port, says)).rejects.toThrow('ECONNREFUSED')

    await program.start()
    expect(await answer(port, says)).toEqual(hears)
  })

  test('nothing of it is left when it has stopped', async () => {
    const program = await start()
    const { pid, folder, port } = program
    program.pause()
    await program.stop()
    expect(() => process.kill(pid, 0)).toThrow('ESRCH')
    expect(existsSync(folder)).toBe(false)
    await expect(answer(port, says)).rejects.toThrow('ECONNREFUSED')
  })
}

async function answer(port: number, question: string | Buffer): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port })
  await once(socket, 'connect')
  socket.write(question)
  const [text] = await once(socket, 'data')
  socket.destroy()
  return String(text)
}
