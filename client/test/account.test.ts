import { expect, test } from 'vitest'
import type { Belfry } from '#belfry.ts'
import { connect } from '#belfry.ts'
import type { FakeSocket } from './fake-world.ts'
import { change, FakeNetwork, session, snapshot, workspace } from './fake-world.ts'

async function signedIn(): Promise<{ belfry: Belfry; socket: FakeSocket }> {
  const net = new FakeNetwork()
  const belfry = connect({ url: 'http://localhost:8000', account: 'alice', world: net.world })
  return { belfry, socket: await net.welcomes({ session: 'laptop' }) }
}

function devices({ sessions }: Belfry): string[] | undefined {
  return sessions.get()?.map(({ id, isCurrent }) => (isCurrent ? `${id}, this one` : id))
}

test('one’s own devices, the newest first; which of them is this one', async () => {
  const { belfry, socket } = await signedIn()
  expect(devices(belfry)).toBeUndefined()
  socket.tells(snapshot('user:alice', 5, { rows: { session: [session('laptop', { createdAt: 1 }), session('phone', { createdAt: 2 })] } }))
  expect(devices(belfry)).toEqual(['phone', 'laptop, this one'])
})

test('[A4] a device that signs in is there at once, and one that was signed out is gone', async () => {
  const { belfry, socket } = await signedIn()
  socket.tells(snapshot('user:alice', 5, { rows: { session: [session('laptop')] } }))
  let told = 0
  belfry.sessions.subscribe(() => (told += 1))
  socket.tells(change('user:alice', [5, 6], { session: [session('phone', { changed: 6, createdAt: 2 })] }))
  expect(devices(belfry)).toEqual(['phone', 'laptop, this one'])
  socket.tells(change('user:alice', [6, 7], { session: [session('phone', { changed: 7, createdAt: 2, endedAt: 3 })] }))
  expect(devices(belfry)).toEqual(['laptop, this one'])
  expect(told).toBe(2)
})

test('the workspace as everybody sees it', async () => {
  const { belfry, socket } = await signedIn()
  expect(belfry.workspace.get()).toBeNull()
  socket.tells(snapshot('workspace', 5, { rows: { workspace: [workspace()] } }))
  socket.tells(change('workspace', [5, 6], { workspace: [workspace({ changed: 6, signUp: 'open' })] }))
  expect(belfry.workspace.get()).toMatchObject({ name: 'Belfry', signUp: 'open' })
})
