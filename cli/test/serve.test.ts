import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { userTopic } from '@belfry/protocol/topics.ts'
import { PROTOCOL_VERSION } from '@belfry/protocol/version.ts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Belfry, PASSWORD, type Server } from './belfry.ts'

let belfry: Belfry
beforeEach(() => {
  belfry = new Belfry()
})
afterEach(() => belfry[Symbol.asyncDispose]())

test('without a terminal the log is JSON, and says how to make the first account instead of showing the one-time link', async () => {
  const { url, output, end } = await belfry.serve()
  expect((await fetch(`${url}/health`)).status).toBe(200)
  await end('SIGTERM')
  const log = output.map((line) => JSON.parse(line) as { msg: string })
  expect(log.map((line) => line.msg).join('\n')).toContain('npx belfry user create NAME --admin')
  expect(JSON.stringify(log)).not.toContain('#')
})

test.each(['SIGTERM', 'SIGINT'] as const)('%s ends the server with 0', async (signal) => {
  const server = await belfry.serve()
  expect(await server.end(signal)).toEqual({ code: 0, signal: null })
})

test('a Redis without PostgreSQL: the log says that they belong together', async () => {
  const { output } = await belfry.serve({ REDIS_URL: 'redis://127.0.0.1:1' })
  expect(output.join('\n')).toContain('REDIS_URL is set, but DATABASE_URL is not')
})

test('a second server on the same folder, and a busy port: one clear line, and the first goes on', async () => {
  const { url } = await belfry.serve()
  expect(await belfry.run(['serve'])).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^Another Belfry server is already using [^\n]+\n$/),
  })
  await using other = new Belfry()
  const busy = createServer().listen(0, '127.0.0.1')
  await once(busy, 'listening')
  const { port } = busy.address() as AddressInfo
  const refused = await other.run(['serve'], { env: { PORT: String(port) } })
  busy.close()
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(new RegExp(`^Port ${port} is already in use\\. [^\\n]+\\n$`)) })
  expect((await fetch(`${url}/health`)).status).toBe(200)
})

test('an account made beside a running server signs in at once, and is out when disabled', async () => {
  const server = await belfry.serve()
  const { id } = await belfry.hasUser('alice')
  const { status, token } = await signIn(server, 'alice')
  expect(status).toBe(200)
  const me = () => fetch(`${server.url}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } })
  expect(await (await me()).json()).toMatchObject({ id, username: 'alice' })
  await belfry.json('user', 'disable', 'alice')
  expect((await me()).status).toBe(401)
  expect((await signIn(server, 'alice')).status).toBe(401)
})

test('[F4] what the command line stores reaches the person who is connected', async () => {
  const server = await belfry.serve()
  const { id } = await belfry.hasUser('prachi')
  const { token } = await signIn(server, 'prachi')
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/api/v1/socket`)
  const rang = heard(socket, 'Build failed')
  const live = heard(socket, '"t":"live"')
  await once(socket, 'open')
  socket.send(JSON.stringify({ t: 'hello', v: PROTOCOL_VERSION, token, device: 'test', positions: [[userTopic(id)]] }))
  await live
  await belfry.json('notify', 'prachi', 'Build failed')
  expect(JSON.parse(await rang)).toMatchObject({ t: 'change', topic: userTopic(id), rows: { notification: [{ title: 'Build failed' }] } })
  socket.close()
})

test('a revoked key opens nothing at the running server', async () => {
  const { url } = await belfry.serve()
  await belfry.hasUser('prachi')
  const { key } = await belfry.json<{ key: string }>('key', 'create', 'ci', '--scope', 'notify')
  const publish = () => {
    const headers = { 'authorization': `Bearer ${key}`, 'content-type': 'application/json' }
    return fetch(`${url}/api/v1/notifications`, { method: 'POST', headers, body: JSON.stringify({ to: 'prachi', title: 'Build failed' }) })
  }
  expect((await publish()).status).toBe(201)
  await belfry.json('key', 'revoke', 'ci')
  expect((await publish()).status).toBe(401)
})

async function signIn({ url }: Server, username: string): Promise<{ status: number; token: string }> {
  const body = JSON.stringify({ username, password: PASSWORD })
  const answer = await fetch(`${url}/api/v1/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  const token = /^belfry=([^;]+)/.exec(answer.headers.get('set-cookie') ?? '')?.[1] ?? ''
  return { status: answer.status, token }
}

/** The first frame that holds this text. */
async function heard(socket: WebSocket, what: string): Promise<string> {
  return new Promise((resolve) => {
    socket.addEventListener('message', ({ data }) => {
      if (String(data).includes(what)) resolve(String(data))
    })
  })
}
