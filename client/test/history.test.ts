import type { Message } from '@belfry/protocol/rows.ts'
import { expect, test } from 'vitest'
import type { Belfry, RoomHandle } from '#belfry.ts'
import { connect } from '#belfry.ts'
import { boundsFor, HELD_MAX } from '#held-bounds.ts'
import type { FakeSocket } from './fake-world.ts'
import { change, EPOCH, FakeNetwork, listedRoom, live, message, roomRow, snapshot, turn, welcome } from './fake-world.ts'

const ROOM = 'room:general'
const { latestMax, shownKept } = boundsFor(HELD_MAX)

/** Message 1 to `posted`, as the server has them; ids by number. */
class Server {
  posted: number
  seq: number
  epoch = EPOCH
  readonly #states = new Map<number, Message>()

  constructor(posted: number) {
    this.posted = posted
    this.seq = posted
  }

  changes(n: number, own: Partial<Message>): Message {
    const row = { ...this.at(n), ...own, changed: ++this.seq }
    this.#states.set(n, row)
    return row
  }

  posts(own: Partial<Message> = {}): Message {
    this.posted++
    return this.changes(this.posted, { id: `m${this.posted}`, n: this.posted, ...own })
  }

  at(n: number): Message {
    return this.#states.get(n) ?? message(n)
  }

  /** As `message.list` answers. */
  page({ ids, before, after, around, limit }: Record<string, unknown>) {
    if (ids) return { items: (ids as string[]).map((id) => this.at(Number(id.slice(1)))), next: null, epoch: this.epoch, seq: this.seq }
    const of = Number(limit)
    const id = Number(String(around).slice(1))
    const newest = Math.min(this.posted, Number(before ?? Infinity) - 1)
    const first = around ? id - of / 2 + 1 : after ? Number(after) + 1 : newest - of + 1
    const end = around ? id + of / 2 : after ? Number(after) + of : newest
    const [from, to] = [Math.max(1, first), Math.min(this.posted, end)]
    const items = Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => this.at(from + at))
    const next = after ? (to < this.posted ? to : null) : from > 1 ? from : null
    return { items, next, epoch: this.epoch, seq: this.seq }
  }

  snapshot() {
    const from = Math.max(1, this.posted - 49)
    const rows = {
      room: [roomRow({ changed: this.seq })],
      message: Array.from({ length: this.posted - from + 1 }, (_, at) => this.at(from + at)),
    }
    return snapshot(ROOM, this.seq, { rows, windows: { messages: from > 1 ? from : null }, epoch: this.epoch })
  }
}

interface Stage {
  net: FakeNetwork
  belfry: Belfry
  room: RoomHandle
  server: Server
  socket(): FakeSocket
  /** Answers every question for a page that is open. */
  answers(): Promise<void>
  hears(row: Message): void
}

async function inLongRoom({ posted = 1_000, isObserved = true } = {}): Promise<Stage> {
  const net = new FakeNetwork()
  const server = new Server(posted)
  const belfry = connect({ url: 'http://localhost:8000', rooms: ['general'], world: net.world })
  const socket = await net.welcomes()
  socket.tells(server.snapshot(), live(ROOM, server.seq))
  const room = belfry.room('general')
  // As a page does: it looks as soon as it is told.
  if (isObserved) room.view.subscribe(() => void room.view.get())
  if (isObserved) belfry.rooms.list.subscribe(() => {})
  const general = listedRoom({ seq: server.seq, posted })
  if (isObserved) await socket.answers('room.list', { result: { items: [general], next: null } })
  const answered = new Set<object>()
  const stage: Stage = {
    net,
    belfry,
    room,
    server,
    socket: () => net.socket,
    async answers() {
      for (const { socket, call } of net.sockets.flatMap((socket) => socket.calls('message.list').map((call) => ({ socket, call })))) {
        if (answered.has(call)) continue
        answered.add(call)
        socket.tells({ t: 'reply', id: call.id, result: server.page(call.input) })
        await turn()
      }
    },
    hears: (row) => net.socket.tells(change(ROOM, [row.changed - 1, row.changed], { message: [row] })),
  }
  return stage
}

/** '301–400 …' means: newer ones exist beyond; '… 301–400': older ones. */
function sees(room: RoomHandle): string {
  const { items, earlier, later } = room.view.get()
  const numbers = items.map(({ n }) => n!)
  for (const [at, n] of numbers.entries()) if (at > 0 && numbers[at - 1]! >= n) throw new Error('out of order')
  return `${earlier ? '… ' : ''}${numbers[0] ?? ''}–${numbers.at(-1) ?? ''}${later ? ' …' : ''}`
}

async function loads({ room, answers }: Stage, side: 'Earlier' | 'Later', times = 1): Promise<void> {
  for (let at = 0; at < times; at++) {
    const loaded = side === 'Earlier' ? room.loadEarlier() : room.loadLater()
    await answers()
    await loaded
  }
}

async function jumps({ room, answers }: Stage, id: string) {
  const found = room.showAround(id)
  await answers()
  return found
}

async function comesBack({ net, server }: Stage, told: 'snapshot' | 'nothing'): Promise<void> {
  net.socket.breaks()
  await net.clock.passes(20_000)
  const socket = await net.welcomes({ epoch: server.epoch })
  socket.tells(...(told === 'snapshot' ? [server.snapshot()] : []), live(ROOM, server.seq, server.epoch))
  await turn()
}

test('[F6] a message deep in the history is shown in its context; pages join on both sides, and at the newest all is one again', async () => {
  const stage = await inLongRoom()
  expect(sees(stage.room)).toBe('… 951–1000')
  expect(await jumps(stage, 'm300')).toMatchObject({ is: 'shown' })
  expect(sees(stage.room)).toBe('… 251–350 …')
  await loads(stage, 'Earlier')
  await loads(stage, 'Later')
  expect(sees(stage.room)).toBe('… 201–400 …')
  await loads(stage, 'Later', 11)
  expect(sees(stage.room)).toBe('… 201–1000')
  expect(stage.room.view.get().latest).toBe(stage.room.view.get().items)
})

test('who jumps around starts anew: the number of jumps tells, and nothing else does', async () => {
  const stage = await inLongRoom()
  await loads(stage, 'Earlier')
  expect(stage.room.view.get().jumps).toBe(0)
  await jumps(stage, 'm300')
  await loads(stage, 'Later')
  stage.hears(stage.server.posts())
  expect(stage.room.view.get().jumps).toBe(1)
  stage.room.showLatest()
  expect(stage.room.view.get().jumps).toBe(2)
  expect(sees(stage.room)).toBe('… 901–1001')
})

test('what is shown already is not asked for', async () => {
  const stage = await inLongRoom()
  expect(await stage.room.showAround('m960')).toMatchObject({ is: 'shown' })
  await jumps(stage, 'm300')
  expect(await stage.room.showAround('m310')).toMatchObject({ is: 'shown' })
  expect(await stage.room.showAround('m999'), 'among the newest').toMatchObject({ is: 'shown' })
  expect(sees(stage.room)).toBe('… 951–1000')
  expect(stage.socket().calls('message.list')).toHaveLength(1)
})

test('a message that is held apart, because another answers it, is shown in its context too', async () => {
  const stage = await inLongRoom()
  stage.hears(stage.server.posts({ replyTo: 'm300' }))
  await turn()
  await stage.answers()
  expect(stage.room.view.get().quoted.get('m300')).toMatchObject({ n: 300 })
  expect(await jumps(stage, 'm300')).toEqual({ is: 'shown', n: 300 })
  expect(sees(stage.room)).toBe('… 251–350 …')
})

test('a deleted message is shown by what stands around it', async () => {
  const stage = await inLongRoom()
  stage.server.changes(300, { deletedAt: 1, body: '' })
  expect(await jumps(stage, 'm300')).toEqual({ is: 'deleted', n: 300 })
  expect(stage.room.view.get().items.map(({ n }) => n)).not.toContain(300)
  expect(sees(stage.room)).toBe('… 251–350 …')
})

test('a message that is not there leaves all as it is', async () => {
  const stage = await inLongRoom()
  const found = expect(stage.room.showAround('nowhere')).rejects.toMatchObject({ code: 'not-found' })
  await stage.socket().answers('message.list', { refusal: { code: 'not-found', detail: 'There is no such message in this room.' } })
  await found
  expect(sees(stage.room)).toBe('… 951–1000')
  expect(stage.room.view.get().jumps).toBe(0)
})

test('a message can be asked for before the room is there, and while the connection is lost', async () => {
  const net = new FakeNetwork()
  const room = connect({ url: 'http://x', rooms: ['general'], world: net.world }).room('general')
  const found = room.showAround('m300')
  const server = new Server(1_000)
  const first = await net.welcomes()
  first.tells(server.snapshot(), live(ROOM, server.seq))
  await turn()
  expect(first.calls('message.list')).toMatchObject([{ input: { around: 'm300' } }])
  first.breaks()
  await net.clock.passes(20_000)
  const second = await net.welcomes()
  await second.answers('message.list', { result: server.page(second.calls('message.list')[0]!.input) })
  expect(await found).toMatchObject({ is: 'shown' })
  expect(sees(room)).toBe('… 251–350 …')
})

test('whoever goes elsewhere before it is there is not taken back', async () => {
  const stage = await inLongRoom()
  const first = stage.room.showAround('m300')
  const second = stage.room.showAround('m600')
  expect(await first).toMatchObject({ is: 'left' })
  await stage.answers()
  expect(await second).toMatchObject({ is: 'shown' })
  expect(sees(stage.room)).toBe('… 551–650 …')
  const third = stage.room.showAround('m100')
  stage.room.showLatest()
  expect(await third).toMatchObject({ is: 'left' })
  await stage.answers()
  expect(sees(stage.room)).toBe('… 951–1000')
})

test('[F5] while earlier messages are shown, what is posted comes to the newest alone, and edits are seen where they are', async () => {
  const stage = await inLongRoom()
  await jumps(stage, 'm300')
  const id = stage.room.post('mine')
  stage.hears(stage.server.posts({ body: 'new' }))
  stage.hears(stage.server.changes(300, { body: 'edited' }))
  expect(sees(stage.room)).toBe('… 251–350 …')
  const { items, latest } = stage.room.view.get()
  expect(items.find(({ n }) => n === 300)?.body).toBe('edited')
  expect(latest.slice(-2).map(({ body }) => body)).toEqual(['new', 'mine'])
  expect(items.some((item) => item.id === id)).toBe(false)
})

test('[F5] a long way back and forth: what is far from the reader is let go of, and loaded again', async () => {
  const stage = await inLongRoom({ posted: 5_000 })
  const held = () => stage.room.view.get().items.length
  for (let way = 0; way < 60; way++) {
    await loads(stage, 'Earlier')
    stage.room.reads(stage.room.view.get().items[0]!.n)
    expect(held()).toBeLessThanOrEqual(HELD_MAX)
  }
  expect(stage.room.view.get()).toMatchObject({ earlier: true, later: true, jumps: 0 })
  for (let way = 0; stage.room.view.get().later; way++) {
    await loads(stage, 'Later')
    stage.room.reads(stage.room.view.get().items.at(-1)!.n)
    expect(held()).toBeLessThanOrEqual(HELD_MAX + latestMax)
    expect(way).toBeLessThan(100)
  }
  expect(stage.room.view.get().items.at(-1)?.n).toBe(5_000)
  expect(stage.room.view.get().jumps).toBe(0)
})

test('[F5] nobody looks at it: it holds no more than a bound, however much is posted or loaded', async () => {
  const stage = await inLongRoom({ isObserved: false })
  for (let n = 0; n < 2 * HELD_MAX; n++) stage.hears(stage.server.posts())
  expect(stage.room.view.get().items.length).toBeLessThanOrEqual(HELD_MAX)
  expect(stage.room.view.get()).toMatchObject({ earlier: true, later: false })
  await loads(stage, 'Earlier', 20)
  expect(stage.room.view.get().items.length).toBeLessThanOrEqual(HELD_MAX)
  expect(stage.room.view.get().later).toBe(true)
  for (let n = 0; n < 400; n++) stage.hears(stage.server.posts())
  expect(stage.room.view.get().latest.length).toBeLessThanOrEqual(latestMax)
})

test('who reads at the end keeps the end; who reads further up keeps what is there', async () => {
  const stage = await inLongRoom()
  for (let n = 0; n < HELD_MAX; n++) stage.hears(stage.server.posts())
  stage.room.reads(null)
  expect(sees(stage.room)).toBe(`… ${1_600 - shownKept + 1}–1600`)
  for (let n = 0; n < HELD_MAX; n++) stage.hears(stage.server.posts())
  stage.room.reads(1_500)
  expect(sees(stage.room)).toBe('… 1300–1699 …')
})

test.each(['earlier messages', 'the newest, scrolled far up'] as const)(
  '[F3] after a snapshot the reader of %s is back where they were, and sees until then what they saw',
  async (of) => {
    const stage = await inLongRoom()
    if (of === 'earlier messages') await jumps(stage, 'm300')
    else await loads(stage, 'Earlier', 14)
    stage.room.reads(300)
    const before = sees(stage.room)
    for (let n = 0; n < 100; n++) stage.server.posts()
    stage.server.changes(300, { body: 'edited meanwhile' })
    await comesBack(stage, 'snapshot')

    expect(sees(stage.room).replace(/ …$/, '')).toBe(before.replace(/ …$/, ''))
    expect(stage.room.view.get().latest.at(-1)?.n).toBe(1_100)
    const earlier = stage.room.loadEarlier()
    await stage.answers()
    await stage.answers()
    await earlier
    expect(stage.room.view.get().items.find(({ n }) => n === 300)?.body).toBe('edited meanwhile')
    expect(sees(stage.room)).toBe('… 225–374 …')
  },
)

test('[F3] a lost connection does not lose the place: the next one loads it', async () => {
  const stage = await inLongRoom()
  await jumps(stage, 'm300')
  expect(sees(stage.room)).toBe('… 251–350 …')
  await comesBack(stage, 'snapshot')
  await comesBack(stage, 'nothing')
  expect(sees(stage.room)).toBe('… 251–350 …')
  await stage.answers()
  expect(stage.room.view.get().jumps).toBe(2)
  expect(sees(stage.room)).toBe('… 275–374 …')
})

test('[F3] after a restored backup the place is loaded from the new history', async () => {
  const stage = await inLongRoom()
  await jumps(stage, 'm300')
  stage.server.epoch = 'e2'
  stage.server.posted = 600
  stage.server.seq = 500
  await comesBack(stage, 'snapshot')
  await stage.answers()
  expect(sees(stage.room)).toBe('… 275–374 …')
})

test('[A2] whoever may not see the room any more sees nothing of it', async () => {
  const stage = await inLongRoom()
  await jumps(stage, 'm300')
  stage.socket().tells({ t: 'unfollowed', topic: ROOM, reason: 'not-found' })
  expect(stage.room.view.get()).toMatchObject({ is: 'gone', items: [], latest: [] })
})

test('a place that cannot be had any more gives way to the newest', async () => {
  const stage = await inLongRoom()
  await jumps(stage, 'm300')
  await comesBack(stage, 'snapshot')
  await stage.socket().answers('message.list', { refusal: { code: 'internal', detail: 'Something went wrong.' } })
  expect(sees(stage.room)).toBe('… 951–1000')
})

test('the connection is lost while a page around a message is awaited: nothing is shown twice', async () => {
  const stage = await inLongRoom()
  const found = stage.room.showAround('m300')
  stage.socket().breaks()
  await stage.net.clock.passes(20_000)
  stage.net.socket.opens()
  stage.net.socket.tells(welcome(), live(ROOM, stage.server.seq))
  await turn()
  await stage.answers()
  expect(await found).toMatchObject({ is: 'shown' })
  expect(stage.room.view.get().jumps).toBe(1)
})
