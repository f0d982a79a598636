import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientAddress, isLoopback, limitKey, proxies } from '#http/address.ts'
import { createCallers } from '#http/callers.ts'
import { deviceOf } from '#http/device.ts'
import { CannotStart } from '#lib/cannot-start.ts'
import { systemClock } from '#lib/clock.ts'
import { openWorld, PASSWORD, type Person, type World } from './http-world.ts'

const MESSAGES = '/rooms/general/messages'
const ALICE = { username: 'alice', password: PASSWORD }

let world: World
let alice: Person
let cookie: string

beforeAll(async () => {
  world = await openWorld({ trustedProxies: ['10.0.0.0/8'] })
  alice = await world.person('alice')
  cookie = (await world.stranger().post('/session', ALICE)).headers.get('set-cookie')!.split(';')[0]!
})
afterAll(() => world[Symbol.asyncDispose]())

describe('the cookie', () => {
  test('over plain http', async () => {
    const answer = await world.stranger().post('/session', ALICE)
    expect(answer.headers.get('set-cookie')).toMatch(/^belfry=[\w-]{43}; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Lax$/)
    expect(answer.headers.get('strict-transport-security')).toBeNull()
    expect(JSON.stringify(answer.body)).not.toContain(/^belfry=([\w-]+)/.exec(answer.headers.get('set-cookie')!)![1])
  })

  test.each([
    ['BASE_URL says https', { baseUrl: 'https://chat.example' }, {}],
    ['a trusted proxy says https', { trustedProxies: ['127.0.0.1'] }, { 'x-forwarded-proto': 'https' }],
  ])('over https: %s', async (_, options, headers: Record<string, string>) => {
    await using secure = await openWorld(options)
    await secure.person('alice')
    const answer = await secure.stranger(headers).post('/session', ALICE)
    const set = answer.headers.get('set-cookie')!
    expect(set).toMatch(/^__Host-belfry=[\w-]{43}; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Lax; Secure$/)
    expect(answer.headers.get('strict-transport-security')).toBe('max-age=31536000')
    const value = set.split(';')[0]!
    expect((await secure.stranger({ ...headers, cookie: value }).get('/me')).status).toBe(200)
    // The ordinary name could have been set by a neighbour host, or over plain http.
    expect((await secure.stranger({ ...headers, cookie: value.replace('__Host-', '') }).get('/me')).status).toBe(401)
  })

  test('nobody but a trusted proxy can claim https', async () => {
    const answer = await world.stranger({ 'x-forwarded-proto': 'https' }).post('/session', ALICE)
    expect(answer.headers.get('set-cookie')).toMatch(/^belfry=/)
  })

  test('lasts on with the session, when one looks who is signed in', async () => {
    expect((await world.stranger({ cookie }).get('/me')).headers.get('set-cookie')).toBe(
      `${cookie}; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax`,
    )
    expect((await alice.get('/me')).headers.get('set-cookie')).toBeNull()
    expect((await world.stranger({ cookie: 'belfry=wrong' }).get('/me')).headers.get('set-cookie')).toBeNull()
  })

  test('stands among others', async () => {
    expect((await world.stranger({ cookie: `a=b; ${cookie}; xbelfry=1` }).get('/me')).status).toBe(200)
    expect((await world.stranger({ cookie: `xbelfry=${cookie.slice(7)}` }).get('/me')).status).toBe(401)
  })
})

describe('who may speak for a cookie', () => {
  const foreign: Record<string, string>[] = [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'http://127.0.0.1:1' },
    { 'sec-fetch-site': 'cross-site' },
  ]

  test.each(foreign)('a page of another origin changes nothing: %j', async (headers) => {
    const browser = world.stranger({ cookie, ...headers })
    for (const answer of [
      await browser.post(MESSAGES, { body: 'forged' }),
      await browser.delete('/session'),
      await browser.patch('/me/notifications', {}),
    ]) {
      expect(answer.body).toMatchObject({ status: 403, code: 'forbidden' })
    }
    expect((await world.stranger({ cookie }).get('/me')).status).toBe(200)
    expect(JSON.stringify((await alice.get(MESSAGES)).body)).not.toContain('forged')
  })

  test.each(foreign)('nor does it sign anybody in: %j', async (headers) => {
    const answer = await world.stranger(headers).post('/session', ALICE)
    expect(answer.body).toMatchObject({ status: 403, code: 'forbidden' })
    expect(answer.headers.get('set-cookie')).toBeNull()
    expect((await world.stranger({ ...headers, authorization: 'Bearer x' }).post('/session', ALICE)).status).toBe(403)
  })

  test('our own page may, and what is no browser', async () => {
    expect(
      (await world.stranger({ cookie, 'origin': world.url, 'sec-fetch-site': 'same-origin' }).post(MESSAGES, { body: 'ours' })).status,
    ).toBe(201)
    expect((await world.stranger({ cookie }).post(MESSAGES, { body: 'curl' })).status).toBe(201)
  })

  test('a bearer needs no origin', async () => {
    expect((await alice.post(MESSAGES, { body: 'by token' }, { origin: 'https://evil.example' })).status).toBe(201)
    const ci = await world.program('notify')
    expect((await ci.post('/notifications', { to: 'alice', title: 'x' }, { origin: 'https://elsewhere.example' })).status).toBe(201)
  })

  test('a form of another page cannot be JSON', async () => {
    const form = { body: 'body=forged', headers: { 'content-type': 'application/x-www-form-urlencoded', cookie } }
    expect((await world.stranger().send('POST', MESSAGES, form)).status).toBe(415)
  })

  test('no other origin is ever let in by CORS', async () => {
    const asked = await world
      .stranger()
      .send('OPTIONS', MESSAGES, { headers: { 'origin': 'https://evil.example', 'access-control-request-method': 'POST' } })
    expect([...asked.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
  })
})

describe('a bearer', () => {
  test.each(['bk_wrong', 'wrong', ''])('that opens nothing is refused, whatever the cookie says: %j', async (token) => {
    const answer = await world.stranger({ cookie, authorization: `Bearer ${token}` }).get('/me')
    expect(answer.body).toMatchObject({ status: 401, code: 'unauthenticated' })
  })

  test('of a proxy before us is none of ours', async () => {
    expect((await world.stranger({ cookie, authorization: 'Basic YWxpY2U6eA==' }).get('/me')).status).toBe(200)
  })

  test('is never stored as it is', async () => {
    const { secret } = await world.program('notify')
    const keys = await world.store.read((db) => db.selectFrom('keys').selectAll().execute())
    expect(JSON.stringify(keys)).not.toContain(secret)
  })
})

describe('who is at the socket', () => {
  const whoIs = async (headers: Record<string, string>, token?: string) =>
    (await callers().whoIs(request(headers), token))?.signedIn.user.username ?? null

  test('by a token, from anywhere', async () => {
    expect(await whoIs({}, alice.token)).toBe('alice')
    expect(await whoIs({ origin: 'https://evil.example' }, alice.token)).toBe('alice')
  })

  test('by the cookie, only when a page of ours is named', async () => {
    const host = 'chat.example'
    expect(await whoIs({ cookie, host, origin: 'http://chat.example' })).toBe('alice')
    expect(await whoIs({ cookie, host })).toBeNull()
    expect(await whoIs({ cookie, host, origin: 'https://evil.example' })).toBeNull()
    expect(await whoIs({ cookie, host, origin: 'null' })).toBeNull()
  })

  test('a wrong token never falls back to the cookie', async () => {
    expect(await whoIs({ cookie, host: 'chat.example', origin: 'http://chat.example' }, 'wrong')).toBeNull()
    expect(await whoIs({ cookie, host: 'chat.example', origin: 'http://chat.example' }, '')).toBeNull()
  })

  test('the caller acts as that person, from that device', async () => {
    const who = await callers().whoIs(request({ 'user-agent': 'curl/8.5.0' }, '192.0.2.7'), alice.token)
    expect(who!.caller).toEqual({
      actor: { is: 'person', userId: alice.user.id, sessionId: who!.signedIn.sessionId },
      scopes: [],
      address: '192.0.2.7',
      device: 'curl',
    })
  })
})

test.each<[string, string | null, Record<string, string>, boolean]>([
  ['no browser', null, { host: 'chat.example' }, true],
  ['the host that was asked', null, { host: 'chat.example:8000', origin: 'http://chat.example:8000' }, true],
  ['behind a proxy that ends TLS', null, { host: 'chat.example', origin: 'https://chat.example' }, true],
  ['with the default port', null, { host: 'chat.example:443', origin: 'https://chat.example' }, true],
  ['in capitals', null, { host: 'Chat.Example', origin: 'http://chat.example' }, true],
  ['another port', null, { host: 'chat.example:8000', origin: 'http://chat.example:9000' }, false],
  ['a host below', null, { host: 'chat.example', origin: 'https://evil.chat.example' }, false],
  ['no host', null, { origin: 'https://chat.example' }, false],
  ['BASE_URL, whatever the host', 'https://chat.example', { host: '10.0.0.2:8000', origin: 'https://chat.example' }, true],
  ['the host, whatever BASE_URL', 'https://chat.example', { host: 'localhost:8000', origin: 'https://localhost:8000' }, true],
  ['plain http of an https server', 'https://chat.example', { host: 'chat.example', origin: 'http://chat.example' }, false],
  ['nonsense', null, { host: 'chat.example', origin: 'chat.example' }, false],
])('an origin: %s', (...[, baseUrl, headers, isOurs]) => {
  expect(callers(baseUrl).isOurOrigin(request(headers))).toBe(isOurs)
})

test.each<[string, string, string, string]>([
  ['192.0.2.1', '', '192.0.2.1', 'the peer'],
  ['192.0.2.1', '198.51.100.1', '192.0.2.1', 'a stranger forwards nothing'],
  ['10.0.0.1', '198.51.100.1', '198.51.100.1', 'a proxy does'],
  ['10.0.0.1', '203.0.113.9, 198.51.100.1', '198.51.100.1', 'what the proxy itself saw, not what it was told'],
  ['10.0.0.1', '198.51.100.1, 10.0.0.2', '198.51.100.1', 'a proxy behind a proxy'],
  ['10.0.0.1', '10.0.0.3, 10.0.0.2', '10.0.0.3', 'proxies alone'],
  ['10.0.0.1', 'unknown', '10.0.0.1', 'no address'],
  ['10.0.0.1', '', '10.0.0.1', 'nothing'],
  ['::ffff:10.0.0.1', '::ffff:198.51.100.1', '198.51.100.1', 'mapped addresses'],
])('peer %s, forwarded for %j: %s (%s)', (peer, forwarded, address) => {
  expect(clientAddress(request(forwarded ? { 'x-forwarded-for': forwarded } : {}, peer), proxies(['10.0.0.0/8', 'fd00::/8']))).toBe(address)
})

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:1:2:ffff::1', '2001:db8:1:2::/64'],
  ['2001:0db8:0001:0002::', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  [null, 'unknown'],
])('limits count %s as %s', (address, key) => {
  expect(limitKey(address)).toBe(key)
})

test('loopback', () => {
  expect(['127.0.0.1', '127.8.8.8', '::1'].every(isLoopback)).toBe(true)
  expect(['10.0.0.1', '::2', null, '127.0.0.1.evil'].some(isLoopback)).toBe(false)
})

test.each(['proxy.example', '10.0.0.0/33', '10.0.0.0/8/8', '10.0.0.0/', ''])(
  '%j is no proxy, and the server says so at its start',
  (entry) => {
    expect(() => proxies([entry])).toThrow(CannotStart)
  },
)

test.each([
  ['Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0', 'Firefox on Linux'],
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36', 'Chrome on Windows'],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0',
    'Edge on Windows',
  ],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15',
    'Safari on macOS',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
    'Safari on iPhone',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/126.0 Mobile/15E148 Safari/604.1',
    'Chrome on iPhone',
  ],
  [
    'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36',
    'Chrome on Android',
  ],
  ['Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36', 'Chrome on ChromeOS'],
  ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/126.0.0.0 Safari/537.36', 'Chrome on Linux'],
  ['Mozilla/5.0 (compatible)', 'Browser'],
  ['curl/8.5.0', 'curl'],
  ['node', 'node'],
  ['<script>alert(1)</script>', 'Unknown device'],
  ['x'.repeat(500), 'x'.repeat(64)],
  ['', 'Unknown device'],
  [undefined, 'Unknown device'],
])('%s is shown as %s', (userAgent, device) => {
  expect(deviceOf(userAgent)).toBe(device)
})

function callers(baseUrl: string | null = null) {
  return createCallers({ store: world.store, clock: systemClock, baseUrl: baseUrl ? new URL(baseUrl) : null, trustedProxies: [] })
}

function request(headers: Record<string, string>, peer = '192.0.2.1'): IncomingMessage {
  const socket = new Socket()
  Object.defineProperty(socket, 'remoteAddress', { value: peer })
  return Object.assign(new IncomingMessage(socket), { headers })
}
