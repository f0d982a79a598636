import type { Notification, Preferences } from '@belfry/protocol/rows.ts'
import { expect, test } from 'vitest'
import { type Belfry, connect, keepInMemory } from '#belfry.ts'
import { change, EPOCH, FakeNetwork, type FakeSocket, live, notification, snapshot, turn } from './fake-world.ts'

const OWN = 'user:alice'
const HOUR_MS = 60 * 60_000
/** Before the connection is asked whether it lives. */
const MOMENT_MS = 20_000
/** The server is that much ahead of this device. */
const AHEAD_MS = 10 * HOUR_MS

interface Stage {
  net: FakeNetwork
  belfry: Belfry
  socket: FakeSocket
  rang: string[]
  /** By the server's clock. */
  now(): number
}

async function signedIn(own: (now: number) => Partial<Preferences> | null = () => null): Promise<Stage> {
  const net = new FakeNetwork()
  const belfry = connect({ url: 'http://localhost:8000', world: net.world })
  const rang: string[] = []
  belfry.inbox.onRing((rows) => rang.push(...rows.map(({ id }) => id)))
  const now = () => net.clock.now + AHEAD_MS
  const socket = await net.welcomes({ serverTime: now() })
  const chosen = own(now())
  socket.tells(snapshot(OWN, 1, { rows: chosen ? { preferences: [preferences(chosen)] } : {} }), live(OWN, 1))
  return { net, belfry, socket, rang, now }
}

function preferences(own: Partial<Preferences>): Preferences {
  return { id: 'preferences', changed: 1, dndUntil: null, ...own }
}

function rings({ socket }: Stage, seq: number, own: Partial<Notification> = {}): void {
  const row = notification(`n${seq}`, { changed: seq, since: seq, ...own })
  socket.tells(change(OWN, [seq - 1, seq], { notification: [row] }))
}

test('while it is on nothing rings that is not urgent; it is in the inbox all the same', async () => {
  const stage = await signedIn((now) => ({ dndUntil: now + HOUR_MS }))
  expect(stage.belfry.dnd.get()).toBe(stage.now() + HOUR_MS)
  rings(stage, 2)
  rings(stage, 3, { priority: 'high' })
  rings(stage, 4, { priority: 'urgent' })
  expect(stage.rang).toEqual(['n4'])
  expect(stage.belfry.inbox.list('unread').get().items).toHaveLength(3)
})

test('it ends by itself, by the server’s clock', async () => {
  const stage = await signedIn((now) => ({ dndUntil: now + MOMENT_MS }))
  const seen: (number | null)[] = []
  stage.belfry.dnd.subscribe(() => seen.push(stage.belfry.dnd.get()))
  await stage.net.clock.passes(MOMENT_MS - 1)
  expect(seen).toEqual([])
  await stage.net.clock.passes(1)
  expect(seen).toEqual([null])
  rings(stage, 2)
  expect(stage.rang).toEqual(['n2'])
})

test('a longer time than a timer can take ends no sooner', async () => {
  const stage = await signedIn((now) => ({ dndUntil: now + 30 * 24 * HOUR_MS }))
  await stage.net.clock.passes(29 * 24 * HOUR_MS)
  expect(stage.belfry.dnd.get()).not.toBeNull()
  await stage.net.clock.passes(24 * HOUR_MS)
  expect(stage.belfry.dnd.get()).toBeNull()
})

test('what another device has chosen counts here, before what comes with it', async () => {
  const stage = await signedIn()
  expect(stage.belfry.dnd.get()).toBeNull()
  const chosen = preferences({ changed: 2, dndUntil: stage.now() + HOUR_MS })
  stage.socket.tells(change(OWN, [1, 2], { preferences: [chosen], notification: [notification('n2', { changed: 2 })] }))
  expect(stage.belfry.dnd.get()).toBe(chosen.dndUntil)
  expect(stage.rang).toEqual([])
})

test('it is set for a time from now, and ended; the answer counts before the row has come', async () => {
  const stage = await signedIn()
  const { belfry, socket } = stage
  const setting = belfry.setDoNotDisturb(HOUR_MS)
  expect(socket.calls('me.set-preferences')).toMatchObject([{ input: { dndForMs: HOUR_MS } }])
  await socket.answers('me.set-preferences', { result: preferences({ changed: 2, dndUntil: stage.now() + HOUR_MS }) })
  await setting
  expect(belfry.dnd.get()).toBe(stage.now() + HOUR_MS)
  const ending = belfry.setDoNotDisturb(null)
  await socket.answers('me.set-preferences', { result: preferences({ changed: 3 }) })
  await ending
  expect(belfry.dnd.get()).toBeNull()
})

test('what this browser keeps says it before the server has answered', async () => {
  const net = new FakeNetwork()
  const row = preferences({ dndUntil: net.clock.now + HOUR_MS })
  const keep = keepInMemory()
  const copy = {
    topic: OWN,
    epoch: EPOCH,
    seq: 1,
    windows: { all: null, unread: null },
    rows: { preferences: [row], reaction: [] },
    openedAt: 0,
  }
  await keep('alice').putTopics([copy])
  const belfry = connect({ url: 'http://localhost:8000', account: 'alice', keep, world: net.world })
  await turn()
  expect(belfry.dnd.get()).toBe(row.dndUntil)
})
