import { ROUTES } from '@belfry/protocol/routes.ts'
import { expect, test } from 'vitest'
import { callOverHttp, requestOf } from '#http-call.ts'
import { FakeNetwork } from './fake-world.ts'

test.each([
  ['message.post', { roomId: 'general', id: 'm1', body: 'hi' }, 'POST /rooms/general/messages {"id":"m1","body":"hi"}'],
  ['message.edit', { roomId: 'den', id: 'm1', body: 'ho', changed: 4 }, 'PATCH /rooms/den/messages/m1 {"body":"ho","changed":4}'],
  ['message.delete', { roomId: 'den', id: 'm1' }, 'DELETE /rooms/den/messages/m1'],
  ['message.list', { roomId: 'den', before: 12, limit: undefined }, 'GET /rooms/den/messages?before=12'],
  ['user.list', { ids: ['a', 'b'] }, 'GET /users?ids=a%2Cb'],
  ['me.get', {}, 'GET /me'],
  ['room.join', { roomId: 'a/b?c' }, 'POST /rooms/a%2Fb%3Fc/members'],
  [
    'notification.mark-all',
    { epoch: 'e', upTo: 3, set: { read: true } },
    'PATCH /me/notifications {"epoch":"e","upTo":3,"set":{"read":true}}',
  ],
] as const)('%s %o goes to its route', (name, input, line) => {
  const { method, path, body } = requestOf(name, input)
  expect([method, path, body].filter((part) => part !== undefined).join(' ')).toBe(line)
})

test('every route takes its parameters from the input', () => {
  const input = { id: 'x', roomId: 'y' }
  for (const name of Object.keys(ROUTES) as (keyof typeof ROUTES)[]) expect(requestOf(name, input).path).not.toContain(':')
})

function call(token?: string) {
  const net = new FakeNetwork({ streams: true })
  const to = { url: 'http://x', token, signal: new AbortController().signal }
  const answer = callOverHttp(net.world, to, { name: 'message.post', input: { roomId: 'general', body: 'hi' } })
  return { request: net.requests[0]!, answer }
}

test('a token goes along in a header, and without one the cookie does', () => {
  expect(call('secret').request.headers).toEqual({ 'authorization': 'Bearer secret', 'content-type': 'application/json' })
  expect(call().request.headers).toEqual({ 'content-type': 'application/json' })
})

test('an answer is a result, or a refusal by its problem document', async () => {
  const done = call()
  await done.request.answers(201, { id: 'm1' })
  expect(await done.answer).toEqual({ result: { id: 'm1' } })
  const empty = call()
  await empty.request.answers(204)
  expect(await empty.answer).toEqual({ result: null })
  const refused = call()
  await refused.request.answers(409, { code: 'stale', detail: 'It has changed.', row: { id: 'm1' } })
  expect(await refused.answer).toMatchObject({ refusal: { code: 'stale', detail: 'It has changed.', row: { id: 'm1' } } })
})

test('[W2] what a proxy answers is no answer: whether it was done is not known', async () => {
  for (const [status, body] of [
    [502, '<h1>Bad gateway</h1>'],
    [200, '<h1>Please sign in to this network</h1>'],
    [503, { message: 'No upstream.' }],
  ] as const) {
    const { request, answer } = call()
    const outcome = expect(answer).rejects.toThrow()
    await request.answers(status, body)
    await outcome
  }
  const { request, answer } = call()
  const outcome = expect(answer).rejects.toThrow()
  await request.fails()
  await outcome
})

test('what a filter does not let through is refused by it, whatever it says', async () => {
  for (const [status, body] of [
    [403, '<h1>Blocked</h1>'],
    [413, { message: 'Too large.' }],
  ] as const) {
    const { request, answer } = call()
    await request.answers(status, body)
    expect(await answer).toEqual({ refusal: { code: 'internal', detail: expect.stringContaining(`(${status})`) } })
  }
})
