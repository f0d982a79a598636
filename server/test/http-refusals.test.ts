import { connect } from 'node:net'
import { REFUSALS } from '@belfry/protocol/refusals.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Answer, openWorld, PASSWORD, type Person, type World } from './http-world.ts'

const JSON_TYPE = { 'content-type': 'application/json' }
const MESSAGES = '/rooms/general/messages'

let world: World
let alice: Person
let admin: Person

beforeAll(async () => {
  world = await openWorld()
  alice = await world.person('alice')
  admin = await world.admin('root')
})
afterAll(() => world[Symbol.asyncDispose]())

describe('what was refused is a problem document', () => {
  test('a field that is wrong is named', async () => {
    const answer = await alice.post(MESSAGES, { body: '' })
    expectProblem(answer, { status: 400, code: 'malformed' })
    expect(answer.body.errors).toContainEqual({ at: 'body', detail: 'must not be blank' })
    expectProblem(await alice.post(MESSAGES), { status: 400, code: 'malformed' })
    expectProblem(await alice.get(`${MESSAGES}?limit=0`), { status: 400, code: 'malformed' })
    expectProblem(await alice.get(`${MESSAGES}?limit=many`), { status: 400, code: 'malformed' })
    expectProblem(await alice.get('/users'), { status: 400, code: 'malformed' })
  })

  test.each(['{"body":', '', '[]', '"hello"', 'null', '7', '{"__proto__":{"admin":true},"body":"x"}'])('the body %j', async (body) => {
    expectProblem(await alice.send('POST', MESSAGES, { body, headers: JSON_TYPE }), { status: 400, code: 'malformed' })
  })

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/jsonx', ''])(
    'a body of the type %j',
    async (type) => {
      const answer = await alice.send('POST', MESSAGES, { body: '{"body":"x"}', headers: { 'content-type': type } })
      expectProblem(answer, { status: 415, code: 'not-json' })
    },
  )

  test('JSON with a charset is JSON', async () => {
    const headers = { 'content-type': 'application/json; charset=utf-8' }
    expect((await alice.send('POST', MESSAGES, { body: '{"body":"x"}', headers })).status).toBe(201)
  })

  test('a body beyond 256 KiB', async () => {
    expectProblem(await alice.post(MESSAGES, { body: 'x'.repeat(256 * 1024) }), { status: 413, code: 'too-large' })
    expectProblem(await alice.post(MESSAGES, { body: 'x'.repeat(16_001) }), { status: 400, code: 'malformed' })
  })

  test.each(['\\u0000', 'a\\u0000b', '\\ud800', '\\udc00x'])('text with %s', async (text) => {
    expectProblem(await alice.send('POST', MESSAGES, { body: `{"body":"${text}"}`, headers: JSON_TYPE }), {
      status: 400,
      code: 'malformed',
    })
  })

  test('a name that is more than one line, or turns around what is beside it; one from before that was refused is read as it is', async () => {
    const bob = await world.person('bob')
    const older = { id: bob.user.id, name: 'Bob\u202E\n' }
    await world.operate('user.update', older)
    for (const answer of [
      await bob.patch('/me', { name: 'Bob\u202E' }),
      await bob.post('/rooms', { name: 'Den\nOther', kind: 'open' }),
      await admin.patch('/workspace', { name: '\u2066Belfry' }),
      await admin.post('/keys', { name: 'ci\tcd', scopes: ['notify'] }),
    ]) {
      expectProblem(answer, { status: 400, code: 'malformed' })
      const detail = 'must be one line, without characters that turn its direction'
      expect(answer.body.errors).toEqual([{ at: 'name', detail }])
    }
    expect((await bob.get('/me')).body).toMatchObject(older)
  })

  test.each([
    ['/users/somebody', { disabled: true }, 'give at least one of username, name, role, isDisabled'],
    ['/workspace', {}, 'give at least one of name, signUp'],
    ['/rooms/general', { topic: 'News' }, 'give at least one of name, kind, description, posting, history, archived'],
    ['/me/rooms/general/place', { favourite: true }, 'give at least one of notify, isFavourite, isHidden'],
    ['/me/notifications/some', { changed: 3 }, 'give at least one of read, seen, archived'],
  ])('a change of %s in which %j changes nothing that there is', async (path, body, hint) => {
    const answer = await admin.patch(path, body)
    expectProblem(answer, { status: 400, code: 'malformed' })
    expect(answer.body.detail).toBe(`Nothing is to be changed: ${hint}.`)
  })

  test.each([
    ['/me', { username: 'root' }, 'name must be a string.'],
    ['/me/preferences', { dnd: null }, 'dndForMs must be a number.'],
    ['/me/notifications', { epoch: 'x', upTo: 1, set: { raed: true } }, 'set must give at least one of read, seen.'],
  ])('a change of %s in which %j lacks what is to change', async (path, body, detail) => {
    const answer = await admin.patch(path, body)
    expectProblem(answer, { status: 400, code: 'malformed' })
    expect(answer.body.detail).toBe(detail)
  })

  test('addresses where nothing is', async () => {
    for (const path of ['/nothing', '/rooms/general/nothing', '//', '//api', '//api/v2/me', '//etc/passwd', '/me/notifications/a/b']) {
      expectProblem(await alice.get(path), { status: 404, code: 'not-found' })
    }
    expectProblem(await alice.get('/rooms/%zz/messages'), { status: 400, code: 'malformed' })
    expectProblem(await alice.get(`/rooms/${'x'.repeat(300)}/messages`), { status: 404, code: 'not-found' })
    expectProblem(await alice.get('/rooms/..%2fgeneral/messages'), { status: 400, code: 'malformed' })
  })

  test('a method that an address does not take', async () => {
    const answer = await alice.send('PUT', '/session', {})
    expectProblem(answer, { status: 405, code: 'malformed' })
    expect(answer.headers.get('allow')).toBe('POST, DELETE')
    expect((await alice.send('DELETE', '/me', {})).headers.get('allow')).toBe('GET, PATCH, HEAD')
    expect((await alice.send('OPTIONS', '/rooms', {})).status).toBe(405)
    expect((await alice.send('POST', '//health', {})).status).toBe(405)
  })

  test('HEAD answers as GET does, without the body', async () => {
    const answer = await alice.send('HEAD', '/me', {})
    expect(answer).toMatchObject({ status: 200, body: '' })
    const missing = await alice.send('HEAD', '/nothing', {})
    expect(missing).toMatchObject({ status: 404, body: '' })
    expect(missing.headers.get('content-type')).toContain('application/problem+json')
  })
})

describe('rates', () => {
  test('signing in is slow from one place, and tells when to come back', async () => {
    await using small = await openWorld({ signIns: { burst: 3, perSecond: 0.001 } })
    await small.person('alice')
    const guesses = []
    for (const password of ['guess one', 'guess two', 'guess three'])
      guesses.push(await small.stranger().post('/session', { username: 'alice', password }))
    for (const guess of guesses) expectProblem(guess, { status: 401, code: 'wrong-credentials' })
    const fourth = await small.stranger().post('/session', { username: 'alice', password: PASSWORD })
    expectProblem(fourth, { status: 429, code: 'rate-limited' })
    expect(Number(fourth.headers.get('retry-after'))).toBe(Math.ceil(fourth.body.retryAfterMs / 1000))
    expectProblem(await small.stranger().post('/session', { username: 'nobody-else', password: PASSWORD }), {
      status: 429,
      code: 'rate-limited',
    })
  })

  test('for one account it is slow from many places, however its name is written', async () => {
    await using small = await openWorld({ signIns: { burst: 2, perSecond: 0.001 }, trustedProxies: ['127.0.0.1'] })
    await small.person('alice')
    const guess = (from: string, username: string) =>
      small.stranger({ 'x-forwarded-for': from }).post('/session', { username, password: 'a guess' })
    expectProblem(await guess('192.0.2.1', 'alice'), { status: 401, code: 'wrong-credentials' })
    expectProblem(await guess('192.0.2.2', 'ALICE'), { status: 401, code: 'wrong-credentials' })
    expectProblem(await guess('192.0.2.3', 'ａｌｉｃｅ'), { status: 429, code: 'rate-limited' })
    expectProblem(await guess('192.0.2.4', 'bob'), { status: 401, code: 'wrong-credentials' })
  })

  test('posting messages, and reacting to them', async () => {
    await using small = await openWorld({ messages: { burst: 2, perSecond: 0.001 } })
    const bob = await small.person('bob')
    const { body: message } = await bob.post(MESSAGES, { body: 'one' })
    const reaction = `${MESSAGES}/${message.id}/reactions/${encodeURIComponent('👍')}`
    expect((await bob.post(reaction)).status).toBe(201)
    for (const refused of [await bob.post(MESSAGES, { body: 'two' }), await bob.delete(reaction)])
      expectProblem(refused, { status: 429, code: 'rate-limited' })
    expect((await bob.get(MESSAGES)).status).toBe(200)
  })

  test('[P4] a name and a picture reach everybody: they change as often as one may post', async () => {
    await using small = await openWorld({ messages: { burst: 2, perSecond: 0.001 } })
    const bob = await small.person('bob')
    expect((await bob.patch('/me', { name: 'Bob B' })).status).toBe(200)
    expect((await bob.patch('/me/picture', { picture: null })).status).toBe(200)
    for (const [path, body] of [
      ['/me', { name: 'Bob' }],
      ['/me/picture', { picture: null }],
    ] as const)
      expectProblem(await bob.patch(path, body), { status: 429, code: 'rate-limited' })
  })
})

describe('what nobody expected', () => {
  test('is logged, and tells the caller nothing but where to look', async () => {
    await using broken = await openWorld({
      metrics: { contentType: 'text/plain', metrics: () => Promise.reject(new Error('a secret detail')) },
    })
    const answer = await broken.stranger().get('//metrics')
    expectProblem(answer, { status: 500, code: 'internal' })
    expect(JSON.stringify(answer.body)).not.toContain('secret')
    const line = broken.logged.find((logged) => logged.includes('a secret detail'))!
    const { reqId } = JSON.parse(line) as { reqId: string }
    expect(answer.body.detail).toContain(reqId)
  })

  test('[P5] while it closes, nobody new comes, and who is there is answered and asked to go', async () => {
    const asked = Promise.withResolvers<void>()
    const answered = Promise.withResolvers<string>()
    await using stopping = await openWorld({
      metrics: {
        contentType: 'text/plain',
        metrics() {
          asked.resolve()
          return answered.promise
        },
      },
    })
    const { hostname, port } = new URL(stopping.url)
    const socket = connect(Number(port), hostname)
    const heard = textOf(socket)
    socket.write('GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n')
    await asked.promise
    const closed = stopping.close()
    await expect
      .poll(() =>
        stopping
          .stranger()
          .get('//health')
          .then(
            () => 'open',
            () => 'closed',
          ),
      )
      .toBe('closed')
    answered.resolve('belfry_connections 1')
    expect(await heard).toMatch(/^HTTP\/1.1 200 [^]*connection: close[^]*belfry_connections 1$/i)
    await closed
  })
})

test.each([
  ['nonsense', 'what is this\r\n\r\n', '400 Bad Request'],
  ['headers without end', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, '431 Request Header Fields Too Large'],
])('%s on the wire closes that one connection', async (_, bytes, status) => {
  const { hostname, port } = new URL(world.url)
  const socket = connect(Number(port), hostname)
  const heard = textOf(socket)
  socket.write(bytes)
  expect(await heard).toBe(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
  expect((await alice.get('/me')).status).toBe(200)
})

test('nothing secret is logged', async () => {
  const secrets = ['a-secret-invitation', 'a secret password', 'bk_a-secret-key', 'a-secret-cookie', 'a-secret-query', 'a secret text']
  await world.stranger().post('/users?invite=a-secret-query', { username: 'x', password: secrets[1], invite: secrets[0] })
  await world.stranger({ cookie: 'belfry=a-secret-cookie' }).get('/me?token=a-secret-query')
  await world.stranger({ authorization: 'Bearer bk_a-secret-key' }).get('/me')
  await alice.post(MESSAGES, { body: 'a secret text' })
  await alice.send('POST', MESSAGES, { body: '{"a secret text"', headers: JSON_TYPE })
  const { hostname, port } = new URL(world.url)
  const socket = connect(Number(port), hostname)
  const heard = textOf(socket)
  socket.write('GET / HTTP/1.1\r\nCookie: belfry=a-secret-cookie\r\nno header\r\n\r\n')
  await heard
  const log = world.logged.join('')
  expect(log).toContain('"path":"/api/v1/users"')
  for (const secret of [...secrets, alice.token]) expect(log).not.toContain(secret)
})

function expectProblem(answer: Answer, { status, code }: { status: number; code: keyof typeof REFUSALS }): void {
  expect(answer.body).toMatchObject({
    status,
    code,
    title: REFUSALS[code].title,
    type: `urn:belfry:refusal:${code}`,
    detail: expect.any(String),
  })
  expect(answer.status).toBe(status)
  expect(answer.headers.get('content-type')).toContain('application/problem+json')
  expect(answer.headers.get('cache-control')).toBe('no-store')
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
}

function textOf(socket: ReturnType<typeof connect>): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    socket.setEncoding('utf8')
    socket.on('data', (chunk: string) => void (text += chunk))
    socket.on('close', () => resolve(text))
    socket.on('error', reject)
  })
}
