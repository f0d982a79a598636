import { LOOKED_AT_MAX_IDS } from '@belfry/protocol/limits.ts'
import type { UpSignal } from '@belfry/protocol/up.ts'
import { expect, test } from 'vitest'
import { type Belfry, connect } from '#belfry.ts'
import { LOOK_AFTER_MS } from '#presence.ts'
import { FakeNetwork, type FakeSocket, turn, welcome } from './fake-world.ts'

interface Stage {
  net: FakeNetwork
  belfry: Belfry
  socket: FakeSocket
}

async function signedIn(): Promise<Stage> {
  const net = new FakeNetwork()
  const belfry = connect({ url: 'http://localhost:8000', world: net.world })
  return { net, belfry, socket: await net.welcomes() }
}

/** Whoever is on the screen; how often each changed. */
function shows({ belfry }: Stage, ...ids: string[]) {
  const changes = new Map<string, number>()
  const ends = ids.map((id) => belfry.presence.of(id).subscribe(() => changes.set(id, (changes.get(id) ?? 0) + 1)))
  return { changes, ends: () => ends.forEach((end) => end()) }
}

async function aMoment({ net }: Stage): Promise<void> {
  await net.clock.passes(LOOK_AFTER_MS)
}

function signals<N extends UpSignal['name']>(socket: FakeSocket, name: N): Extract<UpSignal, { name: N }>[] {
  return socket.frames('signal').filter((signal) => signal.name === name) as Extract<UpSignal, { name: N }>[]
}

function looks(socket: FakeSocket): string[][] {
  return signals(socket, 'look').map(({ ids }) => ids)
}

function tells(socket: FakeSocket, people: [string, string][]): void {
  socket.tells({ t: 'signal', name: 'presence', people })
}

test('those who are shown are named together, once, and again when they are others', async () => {
  const stage = await signedIn()
  const { socket } = stage
  const first = shows(stage, 'bob', 'carol')
  shows(stage, 'bob')
  expect(looks(socket)).toEqual([])
  await aMoment(stage)
  expect(looks(socket)).toEqual([['bob', 'carol']])

  // Redrawn: the same people once more.
  first.ends()
  shows(stage, 'carol')
  await aMoment(stage)
  expect(looks(socket)).toHaveLength(1)
  shows(stage, 'aman')
  await aMoment(stage)
  expect(looks(socket).at(-1)?.toSorted()).toEqual(['aman', 'bob', 'carol'])
})

test('what the server tells of somebody is told to who shows them, and to nobody else', async () => {
  const stage = await signedIn()
  const { belfry, socket } = stage
  const { changes, ends } = shows(stage, 'bob', 'carol')
  await aMoment(stage)
  expect(belfry.presence.of('bob').get()).toBeNull()
  tells(socket, [
    ['bob', 'dnd'],
    ['prachi', 'online'],
  ])
  expect(belfry.presence.of('bob').get()).toBe('dnd')
  expect(belfry.presence.of('prachi').get()).toBeNull()
  expect([...changes]).toEqual([['bob', 1]])
  tells(socket, [['bob', 'unknown']])
  expect(belfry.presence.of('bob').get()).toBeNull()

  tells(socket, [['carol', 'online']])
  ends()
  await aMoment(stage)
  expect(looks(socket).at(-1)).toEqual([])
  expect(belfry.presence.of('carol').get()).toBeNull()
})

test('with the connection all that was known goes; the next one is told whom to look at, and that nobody is here', async () => {
  const stage = await signedIn()
  const { belfry, socket, net } = stage
  shows(stage, 'bob')
  await aMoment(stage)
  tells(socket, [['bob', 'online']])
  belfry.presence.setIdle(true)
  belfry.presence.setIdle(true)
  expect(signals(socket, 'presence')).toEqual([{ t: 'signal', name: 'presence', state: 'away' }])
  socket.breaks()
  expect(belfry.presence.of('bob').get()).toBeNull()
  await net.clock.passes(20_000)
  const next = await net.welcomes()
  expect(looks(next)).toEqual([['bob']])
  expect(signals(next, 'presence').map(({ state }) => state)).toEqual(['away'])
  belfry.presence.setIdle(false)
  expect(signals(next, 'presence').map(({ state }) => state)).toEqual(['away', 'online'])
})

test('[P4] of more than may be looked at, those shown last are named', async () => {
  const stage = await signedIn()
  shows(stage, ...Array.from({ length: LOOKED_AT_MAX_IDS + 5 }, (_, at) => `u${at}`))
  await aMoment(stage)
  const [named] = looks(stage.socket)
  expect(named).toHaveLength(LOOKED_AT_MAX_IDS)
  expect(named).toContain(`u${LOOKED_AT_MAX_IDS + 4}`)
  expect(named).not.toContain('u0')
})

test('over a stream nothing is said, and nothing is known', async () => {
  const net = new FakeNetwork({ streams: true })
  const belfry = connect({ url: 'http://localhost:8000', rooms: ['general'], world: net.world })
  net.socket.breaks()
  await turn()
  await net.stream.begins().tells(welcome({ serverTime: net.clock.now }))
  expect(belfry.connection.get()).toEqual({ is: 'online', by: 'stream' })
  belfry.presence.of('bob').subscribe(() => {})
  belfry.presence.setIdle(true)
  belfry.room('general').types()
  const requests = net.requests.length
  await net.clock.passes(LOOK_AFTER_MS)
  expect(net.requests).toHaveLength(requests)
  expect(belfry.presence.of('bob').get()).toBeNull()
})
