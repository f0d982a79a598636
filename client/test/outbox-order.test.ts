import type { Message } from '@belfry/protocol/rows.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { connect } from '#belfry.ts'
import type { FakeSocket } from './fake-world.ts'
import { change, FakeNetwork, live, message, snapshot, turn } from './fake-world.ts'

const ROOM = 'room:general'

/** What the network and the server make of a sent post. */
type Fate = 'answered' | 'answer lost' | 'never arrives' | 'busy' | 'unknown, stored' | 'told before the answer is lost'

const FATES: Fate[] = ['answered', 'answer lost', 'never arrives', 'busy', 'unknown, stored', 'told before the answer is lost']

/** A server that stores what reaches it, once an id. */
class Room {
  readonly rows: Message[] = []

  stores({ id, body }: { id: string; body: string }): Message {
    const known = this.rows.find((row) => row.id === id)
    const row = known ?? message(this.rows.length + 1, { id, body, authorId: 'alice' })
    if (!known) this.rows.push(row)
    return row
  }
}

async function meets(fate: Fate, call: { id: number; input: Record<string, unknown> }, { net, room, socket }: { net: FakeNetwork; room: Room; socket: FakeSocket }) {
  const refusal = (code: string) => socket.tells({ t: 'reply', id: call.id, refusal: { code, detail: code } })
  const post = call.input as { id: string; body: string }
  if (fate === 'never arrives') return socket.breaks()
  if (fate === 'busy') refusal('busy')
  else if (fate === 'unknown, stored') {
    room.stores(post)
    refusal('unknown')
  } else {
    const row = room.stores(post)
    if (fate === 'told before the answer is lost') socket.tells(change(ROOM, [0, row.changed], { message: [row] }))
    if (fate !== 'answered') return socket.breaks()
    socket.tells({ t: 'reply', id: call.id, result: row })
  }
  await net.clock.passes(20_000)
}

test('[W8] whatever is lost on the way, messages are stored once, in the order of writing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...FATES), { maxLength: 25 }), fc.integer({ min: 1, max: 6 }), async (fates, posts) => {
      const net = new FakeNetwork()
      const room = new Room()
      const belfry = connect({ url: 'http://x', rooms: ['general'], world: net.world })
      const written = Array.from({ length: posts }, (_, at) => `message ${at}`)
      for (const body of written) belfry.room('general').post(body)
      const pending = [...fates]
      for (let turns = 0; turns < 200; turns++) {
        const socket = await connected(net, room)
        const call = socket.calls('message.post').filter(({ id }) => !answered(socket).has(id))[0]
        if (!call) break
        answered(socket).add(call.id)
        await meets(pending.shift() ?? 'answered', call, { net, room, socket })
      }
      const view = belfry.room('general').view.get()
      expect(room.rows.map(({ body }) => body)).toEqual(written)
      expect(view.items.map(({ body, state }) => [body, state])).toEqual(written.map((body) => [body, 'sent']))
      belfry.close()
    }),
    { numRuns: 150, seed: 20_260_101 },
  )
})

const seen = new WeakMap<FakeSocket, Set<number>>()

function answered(socket: FakeSocket): Set<number> {
  const ids = seen.get(socket) ?? new Set()
  seen.set(socket, ids)
  return ids
}

async function connected(net: FakeNetwork, room: Room): Promise<FakeSocket> {
  if (net.socket.onmessage === null) await net.clock.passes(20_000)
  if (net.socket.frames('hello').length === 0) {
    await net.welcomes()
    const seq = room.rows.length
    net.socket.tells(snapshot(ROOM, seq, { rows: { message: [...room.rows] } }), live(ROOM, seq))
  }
  net.socket.tells({ t: 'pong' })
  await turn()
  return net.socket
}
