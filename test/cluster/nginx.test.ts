import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { RequestOptions } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import type { LocalProgram } from '#bench/src/programs/local-program.ts'
import { startNginx } from '#bench/src/programs/nginx.ts'
import { freePort } from '#bench/src/programs/program.ts'
import { nginx, openssl } from '#test/binaries.ts'
import { requests } from './through-nginx.ts'

const TIMES = 6
/** Where it is left to chance who is asked: seldom enough the same each time. */
const MANY_TIMES = 24
/** What stays open. */
const STREAMS = ['/api/v1/stream?follow=workspace', '/api/v1/topics/room:general/changes'] as const
const OPEN = ['/api/v1/socket', ...STREAMS]

describe.skipIf(nginx.missing || openssl.missing)('the nginx that is shipped', () => {
  test('passes by a node that is not there, also with what changes something', async () => {
    await using node = await opensNode((_request, response) => response.end('stored'))
    await using proxy = await startNginx({ upstreams: [await freePort(), node.port] })
    for (let time = 0; time < TIMES; time++) {
      expect(await asks(proxy, { path: '/api/v1/rooms' })).toEqual({ status: 200, body: 'stored' })
      expect(await asks(proxy, { path: '/api/v1/rooms', method: 'POST' })).toEqual({ status: 200, body: 'stored' })
    }
    expect(node.asked).toHaveLength(2 * TIMES)
  })

  test('[W2] sends what changes something to one node alone, and what reads to the next when a node ends in between', async () => {
    await using dying = await opensNode(({ socket }) => socket.destroy())
    await using node = await opensNode((_request, response) => response.end('done'))
    for (const [method, answers] of [
      ['GET', [200]],
      ['POST', [200, 502]],
      ['PATCH', [200, 502]],
    ] as const) {
      await using proxy = await startNginx({ upstreams: [dying.port, node.port] })
      const asked = await Promise.all([asks(proxy, { path: '/', method }), asks(proxy, { path: '/', method })])
      expect(new Set(asked.map(({ status }) => status))).toEqual(new Set(answers))
    }
    expect(dying.asked).toEqual(['GET /', 'POST /', 'PATCH /'])
    expect(node.asked).toEqual(['GET /', 'GET /', 'POST /', 'PATCH /'])
  })

  test('[W2] asks the next when a node is silent, if it only reads; what changes something is asked of one alone', async () => {
    await using silent = await opensNode(() => {})
    await using node = await opensNode((_request, response) => response.end('done'))
    for (const [method, statuses] of [
      ['GET', [200]],
      ['POST', [200, 504]],
    ] as const) {
      await using proxy = await startNginx({ upstreams: [silent.port, node.port], silentS: 3 })
      const asked = await Promise.all([asks(proxy, { path: '/', method }), asks(proxy, { path: '/', method })])
      expect(new Set(asked.map(({ status }) => status))).toEqual(new Set(statuses))
    }
    expect(silent.asked).toEqual(['GET /', 'POST /'])
  })

  test.each(OPEN)('[P5] asks another node for %s when one says that it stops', async (path) => {
    await using stopping = await opensNode((_request, response) => response.writeHead(503).end())
    await using node = await opensNode((_request, response) => response.end('opened'))
    await using proxy = await startNginx({ upstreams: [stopping.port, node.port] })
    for (let time = 0; time < MANY_TIMES; time++) expect(await asks(proxy, { path })).toEqual({ status: 200, body: 'opened' })
    expect(stopping.asked.length).toBeGreaterThan(0)
  })

  test('asks not always the same for what stays open, also when that one is silent', async () => {
    await using silent = await opensNode(() => {})
    await using node = await opensNode((_request, response) => response.end('opened'))
    await using proxy = await startNginx({ upstreams: [silent.port, node.port] })
    const waiting = Array.from({ length: MANY_TIMES }, () => requests(proxy, { path: STREAMS[0] }).on('error', () => {}))
    await expect.poll(() => silent.asked.length + node.asked.length).toBe(MANY_TIMES)
    expect(silent.asked.length).toBeGreaterThan(0)
    expect(node.asked.length).toBeGreaterThan(2)
    for (const one of waiting) one.destroy()
  })

  test('[P5] a node that is back takes what stays open at once, while what is open at it stands', async () => {
    const opens: RequestListener = (_request, response) => void response.writeHead(200).write('open\n')
    const port = await freePort()
    await using node = await opensNode(opens)
    await using proxy = await startNginx({ upstreams: [port, node.port] })
    // While the first is away.
    await begins(proxy, { path: STREAMS[0] })
    await using back = await opensNode(opens, port)
    for (let time = 0; time < MANY_TIMES; time++) await begins(proxy, { path: STREAMS[0] })
    expect(back.asked.length).toBeGreaterThan(2)
  })

  test('passes on what nodes say whose database is away, also again and again', async () => {
    const says: RequestListener = (_request, response) => void response.writeHead(503).end('unavailable')
    await using one = await opensNode(says)
    await using other = await opensNode(says)
    await using proxy = await startNginx({ upstreams: [one.port, other.port] })
    for (const path of ['/', ...OPEN])
      for (let time = 0; time < TIMES; time++) expect(await asks(proxy, { path })).toEqual({ status: 503, body: 'unavailable' })
  })

  test.each(STREAMS)('holds nothing back of %s', async (path) => {
    await using node = await opensNode((_request, response) => void response.writeHead(200).write('one\n'))
    await using proxy = await startNginx({ upstreams: [node.port] })
    const response = await begins(proxy, { path })
    const [piece] = await once(response, 'data')
    expect(String(piece)).toBe('one\n')
    response.destroy()
  })

  test('lets sockets through, and says who asks for what by which way', async () => {
    await using node = await opensNode(() => {})
    node.server.on('upgrade', (asked: IncomingMessage, socket: Duplex) => {
      const ways = ['host', 'x-forwarded-for', 'x-forwarded-proto'].map((name) => asked.headers[name])
      socket.write(`HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n${ways.join(' ')}`)
    })
    await using proxy = await startNginx({ upstreams: [node.port] })
    const headers = { connection: 'Upgrade', upgrade: 'websocket' }
    const [response, socket, head] = await once(requests(proxy, { path: '/api/v1/socket', headers }), 'upgrade')
    expect(response.statusCode).toBe(101)
    const said = head.length > 0 ? head : (await once(socket, 'data'))[0]
    expect(String(said)).toBe(`localhost:${proxy.port} 127.0.0.1 https`)
    socket.destroy()
  })

  test('keeps files that never change, and finds them at the node that has them', async () => {
    const forever = { 'cache-control': 'public, max-age=31536000, immutable' }
    await using older = await opensNode((_request, response) => response.writeHead(404).end())
    await using newer = await opensNode((_request, response) => response.writeHead(200, forever).end('script'))
    await using proxy = await startNginx({ upstreams: [older.port, newer.port] })
    for (let time = 0; time < TIMES; time++)
      expect(await asks(proxy, { path: '/assets/app-1.js' })).toEqual({ status: 200, body: 'script' })
    expect(newer.asked).toHaveLength(1)
  })
})

interface Node extends AsyncDisposable {
  server: Server
  port: number
  /** What it was asked for. */
  asked: string[]
}

async function opensNode(answer: RequestListener, port = 0): Promise<Node> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    answer(request, response)
  })
  await once(server.listen(port, '127.0.0.1'), 'listening')
  return {
    server,
    port: (server.address() as AddressInfo).port,
    asked,
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
    },
  }
}

async function begins(proxy: LocalProgram, options: RequestOptions): Promise<IncomingMessage> {
  const [response] = await once(requests(proxy, options), 'response')
  return response
}

async function asks(proxy: LocalProgram, options: RequestOptions): Promise<{ status: number | undefined; body: string }> {
  const response = await begins(proxy, options)
  const body = await text(response)
  const isNginxs = response.headers['content-type'] === 'text/html'
  return { status: response.statusCode, body: isNginxs ? '' : body }
}
