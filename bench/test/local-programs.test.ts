import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { findPostgres, findProgram, findRedis } from '#programs/find-program.ts'
import type { LocalProgram } from '#programs/local-program.ts'
import { startNginx } from '#programs/nginx.ts'
import { startPostgres } from '#programs/postgres.ts'
import { childrenOf, hasEnded } from '#programs/process-tree.ts'
import { startRedis } from '#programs/redis.ts'

/** Asks for TLS, in the words of PostgreSQL's protocol: N means no. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])

describe.skipIf(findPostgres() === null)('PostgreSQL', () => {
  behaves(startPostgres, { says: SSL_REQUEST, hears: 'N' })

  test('stands still and crashes with all its processes, and starts again', async () => {
    await using program = await startPostgres()
    const { pid, port } = program
    const processes = [pid, ...childrenOf(pid)]
    expect(processes.length).toBeGreaterThan(3)
    program.pause()
    // One that has just begun something may be done with it.
    await expect.poll(() => processes.filter((one) => !hasEnded(one) && !isStill(one))).toEqual([])
    program.resume()
    expect(await answer(port, SSL_REQUEST)).toBe('N')

    await program.crash()
    expect(processes.filter((one) => !hasEnded(one))).toEqual([])
    expect(program.isRunning).toBe(false)
    await program.start()
    expect(await answer(port, SSL_REQUEST)).toBe('N')
  })
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

function isStill(pid: number): boolean {
  return readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') T ')
}

async function answer(port: number, question: string | Buffer): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port })
  await once(socket, 'connect')
  socket.write(question)
  const [text] = await once(socket, 'data')
  socket.destroy()
  return String(text)
}
