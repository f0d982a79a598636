import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { DownFrame } from '@belfry/protocol/down.ts'
import { expect, test } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { generator } from '#generator.ts'
import { Book } from '#load/book.ts'
import { LastingFollower } from '#load/lasting-follower.ts'
import type { LossJob, LossResult } from '#load/loss-job.ts'
import { makePeople, startNode } from '#programs/belfry-server.ts'
import { makePlace } from '#programs/local-program.ts'

test('who is told not to come back has given up, and what they are not told is counted', async () => {
  const place = await makePlace('losses')
  const { tokens, rooms } = await makePeople(place.folder, { people: 4 })
  await using server = await startNode(place, { WEB: 'off' })
  const job: LossJob = { port: server.port, tokens, room: rooms[0]!, followers: 3, senders: 1, postEveryMs: 20, losses: { is: 'restart' } }
  const onGathered = async () => {
    await fetch(`${server.url}/api/v1/session`, { method: 'DELETE', headers: { authorization: `Bearer ${tokens[0]}` } })
    await server.restart()
    return { listensAt: performance.timeOrigin + performance.now() }
  }
  const { tookMs, notDelivered, gaveUp } = await generator<LossJob, LossResult>({ by: 'lose', job, onGathered })
  expect(gaveUp).toBe(1)
  expect(tookMs).toHaveLength(2)
  expect(notDelivered).toBeGreaterThan(0)
})

test('a follower that is lost before it is live has come once it is live', async () => {
  await using follows = await Follows.begin()
  const first = await follows.connects()
  tell(first, WELCOME)
  await expect.poll(() => follows.follower.connection.isWelcome).toBe(true)
  first.terminate()
  const second = await follows.connects()
  tell(second, WELCOME, LIVE)
  await expect.poll(() => follows.follower.isLive).toBe(true)
})

test('a follower that became live twice on one connection is live on the next once it is told so', async () => {
  await using follows = await Follows.begin()
  const { follower } = follows
  const first = await follows.connects()
  tell(first, WELCOME, LIVE, LIVE)
  await expect.poll(() => follower.isLive).toBe(true)
  first.terminate()
  const second = await follows.connects()
  tell(second, WELCOME)
  await expect.poll(() => follower.connection.isWelcome).toBe(true)
  expect(follower.isLive).toBe(false)
  tell(second, LIVE)
  await expect.poll(() => follower.isLive).toBe(true)
  expect(follower.comings).toHaveLength(2)
})

const WELCOME = { t: 'welcome' } as DownFrame
const LIVE: DownFrame = { t: 'live', topic: 'room:general', epoch: 'e', seq: 9 }

function tell(socket: WebSocket, ...frames: DownFrame[]): void {
  for (const frame of frames) socket.send(JSON.stringify(frame))
}

/** A follower, and a server that says to it what the test wants. */
class Follows implements AsyncDisposable {
  readonly follower: LastingFollower
  readonly #server: WebSocketServer

  static async begin(): Promise<Follows> {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
    await once(server, 'listening')
    return new Follows(server)
  }

  private constructor(server: WebSocketServer) {
    this.#server = server
    const { port } = server.address() as AddressInfo
    this.follower = new LastingFollower({ port, from: '127.0.0.1', token: 'token' }, { room: 'general', book: new Book() })
  }

  async connects(): Promise<WebSocket> {
    const [socket] = (await once(this.#server, 'connection')) as [WebSocket]
    return socket
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.follower.connection.close()
    this.#server.close()
    await once(this.#server, 'close')
  }
}
