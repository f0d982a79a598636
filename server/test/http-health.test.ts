import { expect, test } from 'vitest'
import { HostileBus } from './hostile-bus.ts'
import { openWorld } from './http-world.ts'

test('/health says that the database can be read', async () => {
  await using world = await openWorld()
  expect(await world.stranger().get('//health')).toMatchObject({ status: 200, body: { status: 'ok', epoch: world.store.epoch } })
})

test('[P5] /health says that the server stops, so that nobody else is sent to it', async () => {
  let state: 'ok' | 'stopping' = 'ok'
  await using world = await openWorld({ state: () => state })
  state = 'stopping'
  expect(await world.stranger().get('//health')).toMatchObject({ status: 503, body: { status: 'stopping' } })
})

test('[F4] /health says that the node hears of nothing; it serves all the same', async () => {
  const bus = new HostileBus()
  await using world = await openWorld({ bus })
  expect(await world.stranger().get('//health')).toMatchObject({ status: 200, body: { status: 'ok', bus: 'ok' } })
  bus.isAlive = false
  expect(await world.stranger().get('//health')).toMatchObject({ status: 200, body: { status: 'ok', bus: 'silent' } })
})

test('/metrics is for this machine, or for a key of its scope that stands', async () => {
  await using world = await openWorld()
  const local = await world.stranger().get('//metrics')
  expect(local).toMatchObject({ status: 200, body: 'belfry_connections 3\n' })
  expect(local.headers.get('content-type')).toContain('version=0.0.4')

  const proxied = { 'x-forwarded-for': '192.0.2.1' }
  for (const headers of [
    proxied,
    { forwarded: 'for=192.0.2.1' },
    { 'x-real-ip': '192.0.2.1' },
    { ...proxied, authorization: 'Bearer bk_wrong' },
  ]) {
    expect((await world.stranger(headers as Record<string, string>).get('//metrics')).body).toMatchObject({
      status: 404,
      code: 'not-found',
    })
  }
  const { token } = await world.person('alice')
  expect((await world.stranger({ ...proxied, authorization: `Bearer ${token}` }).get('//metrics')).status).toBe(404)

  expect((await (await world.program('notify')).get('//metrics', proxied)).status).toBe(404)
  const program = await world.program('notify', 'metrics')
  expect((await program.get('//metrics', proxied)).status).toBe(200)
  await world.operate('key.revoke', { id: program.key.id })
  expect((await program.get('//metrics', proxied)).status).toBe(404)
})
