import type { IncomingMessage, Server } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { signIn, signOut, signUp, whoAmI } from '#sign-in.ts'
import { user } from './fake-world.ts'

interface Answer {
  status: number
  body?: unknown
}

let server: Server
let url = ''
let answer: Answer = { status: 204 }
let asked: { line: string; type: string | undefined; body: string }[] = []

beforeEach(async () => {
  asked = []
  server = createServer(async (request, response) => {
    asked.push({ line: `${request.method} ${request.url}`, type: request.headers['content-type'], body: await textOf(request) })
    response.writeHead(answer.status, { connection: 'close' })
    response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterEach(() => void server.close())

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const piece of request) text += String(piece)
  return text
}

test('signing in sends name and password as JSON and answers the person', async () => {
  answer = { status: 200, body: user('alice') }
  await expect(signIn(url, { username: 'alice', password: 'correct horse' })).resolves.toEqual(user('alice'))
  expect(asked).toEqual([
    { line: 'POST /api/v1/session', type: 'application/json', body: '{"username":"alice","password":"correct horse"}' },
  ])
})

test('a refusal is its problem document', async () => {
  answer = {
    status: 429,
    body: { type: 'about:blank', title: 'Too many requests', status: 429, code: 'rate-limited', detail: 'Wait.', retryAfterMs: 9 },
  }
  await expect(signIn(url, { username: 'alice', password: 'x' })).rejects.toMatchObject({
    code: 'rate-limited',
    detail: 'Wait.',
    retryAfterMs: 9,
  })
})

test('signing up sends the invitation', async () => {
  answer = { status: 201, body: user('bob') }
  await signUp(url, { username: 'bob', password: 'correct horse', invite: 'secret' })
  expect(asked).toMatchObject([{ line: 'POST /api/v1/users', body: expect.stringContaining('"invite":"secret"') as string }])
})

test('signing out succeeds also when one was signed out already', async () => {
  answer = { status: 204 }
  await signOut(url)
  answer = { status: 401, body: { code: 'unauthenticated', detail: 'Nobody is signed in.' } }
  await signOut(url)
  expect(asked.map(({ line, type }) => [line, type])).toEqual([
    ['DELETE /api/v1/session', undefined],
    ['DELETE /api/v1/session', undefined],
  ])
})

test('whoAmI answers the person, or null when nobody is signed in', async () => {
  answer = { status: 200, body: user('alice') }
  await expect(whoAmI(url)).resolves.toEqual(user('alice'))
  answer = { status: 401, body: { code: 'unauthenticated', detail: 'Nobody is signed in.' } }
  await expect(whoAmI(url)).resolves.toBeNull()
})

test('an answer that is no problem document is told as such', async () => {
  answer = { status: 502, body: '<h1>Bad gateway</h1>' }
  await expect(whoAmI(url)).rejects.toMatchObject({ code: 'internal' })
})

test('a server that cannot be reached is a lost connection', async () => {
  await new Promise((resolve) => server.close(resolve))
  await expect(whoAmI(url)).rejects.toMatchObject({ name: 'ConnectionLost' })
})
