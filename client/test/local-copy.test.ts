import type { Message, Notification, Rows } from '@belfry/protocol/rows.ts'
import { expect, test } from 'vitest'
import type { Belfry } from '#belfry.ts'
import { connect } from '#belfry.ts'
import { ROOMS_OPEN_MAX } from '#open-rooms.ts'
import { KEPT_NOTIFICATIONS_MAX } from '#topic-copy.ts'
import type { FakeSocket } from './fake-world.ts'
import {
  change,
  counts,
  EPOCH,
  FakeBrowser,
  FakeNetwork,
  listedRoom,
  live,
  message,
  notification,
  session,
  roomRow,
  snapshot,
  turn,
  user,
} from './fake-world.ts'

const ROOM = 'room:general'
const OWN = 'user:alice'
const WORKSPACE = 'workspace'

/** One page of one browser. */
class Page {
  readonly net = new FakeNetwork()
  readonly belfry: Belfry
  readonly rang: string[] = []

  constructor(browser: FakeBrowser, rooms: string[] = ['general']) {
    const world = { ...this.net.world, ...browser.world }
    this.belfry = connect({ url: 'http://x', account: 'alice', rooms, keep: browser.keep, world })
    this.belfry.inbox.onRing((rows) => this.rang.push(...rows.map(({ id }) => id)))
  }

  get socket(): FakeSocket {
    return this.net.socket
  }

  get bodies(): string[] {
    return this.belfry
      .room('general')
      .view.get()
      .items.map(({ body }) => body)
  }

  get positions() {
    return this.socket.frames('hello')[0]?.positions
  }

  get sent(): string[] {
    return this.socket.calls().map(({ name }) => name)
  }

  async isTold(...frames: object[]): Promise<void> {
    this.socket.tells(...frames)
    await turn()
  }

  /** Changes are gathered and written. */
  async isKept(): Promise<void> {
    await this.net.clock.passes(1_000)
    await turn()
  }
}

/** A browser in which alice has read General up to here, and closed it. */
async function afterReading(rows: Rows, own: Rows = {}, windows: { messages: number | null } = { messages: null }): Promise<FakeBrowser> {
  const browser = new FakeBrowser()
  const page = new Page(browser)
  await page.net.welcomes()
  await page.isTold(snapshot(WORKSPACE, 3, { rows: { user: [user('alice'), user('bob', { name: 'Bob' })] } }), live(WORKSPACE, 3))
  await page.isTold(snapshot(OWN, 5, { rows: own }), live(OWN, 5))
  await page.isTold(snapshot(ROOM, 10, { rows: { room: [roomRow()], ...rows }, windows }), live(ROOM, 10))
  await page.isKept()
  page.belfry.close()
  return browser
}

function some(count: number, own: (n: number) => Partial<Message> = () => ({})): Message[] {
  return Array.from({ length: count }, (_, at) => message(at + 1, own(at + 1)))
}

test('[F5] a page opens from the local copy, before the server and without it', async () => {
  const unread: Notification[] = [notification('n1')]
  const browser = await afterReading({ message: some(2) }, { notification: unread, counts: [counts(1, 1)] })
  const page = new Page(browser)
  await turn()
  const room = page.belfry.room('general').view.get()
  expect(room).toMatchObject({ is: 'ready', name: 'General', earlier: false })
  expect(page.bodies).toEqual(['body 1', 'body 2'])
  expect(page.belfry.inbox.view.get()).toEqual({ is: 'ready', counts: { unread: 1, unseen: 1 } })
  expect(page.belfry.inbox.list('unread').get()).toMatchObject({ items: unread, loaded: true })
  expect(page.belfry.people.known.get().get('bob')?.name).toBe('Bob')
})

test('a message of the copy that was asked for before it was read is there without the server', async () => {
  const page = new Page(await afterReading({ message: some(5) }))
  const found = page.belfry.room('general').showAround('m2')
  await turn()
  expect(await found).toEqual({ is: 'shown', n: 2 })
})

test('which of one’s devices this is, the server says: until then none is taken for another', async () => {
  const page = new Page(await afterReading({}, { session: [session('laptop'), session('phone')] }))
  await turn()
  expect(page.belfry.sessions.get()).toBeNull()
  await page.net.welcomes({ session: 'phone' })
  expect(page.belfry.sessions.get()?.map(({ id, isCurrent }) => [id, isCurrent])).toEqual([
    ['laptop', false],
    ['phone', true],
  ])
})

test('[F1] the first hello names the positions of the copies, and what was missed follows as a change', async () => {
  const page = new Page(await afterReading({ message: some(2) }))
  page.socket.opens()
  expect(page.positions).toBeUndefined()
  await page.net.welcomes()
  expect(page.positions).toEqual([
    [WORKSPACE, EPOCH, 3],
    [OWN, EPOCH, 5],
    [ROOM, EPOCH, 10],
  ])
  await page.isTold(change(ROOM, [10, 12], { message: [message(1, { changed: 11, body: 'edited' }), message(3, { changed: 12 })] }))
  expect(page.bodies).toEqual(['edited', 'body 2', 'body 3'])
})

test('[F3] a snapshot replaces the copy', async () => {
  const page = new Page(await afterReading({ message: some(2) }))
  await page.net.welcomes({ epoch: 'e2' })
  await page.isTold(snapshot(ROOM, 4, { epoch: 'e2', rows: { message: [message(1, { body: 'restored' })] } }), live(ROOM, 4, 'e2'))
  expect(page.bodies).toEqual(['restored'])
})

test('what arrived before the page was opened rings nobody; what arrives from then on does', async () => {
  const page = new Page(await afterReading({}))
  await page.net.welcomes()
  await page.isTold(change(OWN, [5, 6], { notification: [notification('night', { changed: 6 })] }), live(OWN, 6))
  expect(page.rang).toEqual([])
  await page.isTold(change(OWN, [6, 7], { notification: [notification('now', { changed: 7 })] }))
  expect(page.rang).toEqual(['now'])
})

test('[F5] of a long room the newest 200 messages are kept, with what was deleted among them, and the window says so', async () => {
  const browser = await afterReading({ message: some(260, (n) => (n === 250 ? { deletedAt: 1, body: '' } : {})) })
  const page = new Page(browser)
  await turn()
  expect(page.bodies).toHaveLength(200)
  expect(page.bodies[0]).toBe('body 60')
  expect(page.belfry.room('general').view.get().earlier).toBe(true)
  await page.net.welcomes()
  await page.isTold(change(ROOM, [10, 400], { message: [message(59, { changed: 300 }), message(250, { changed: 249 })] }))
  expect(page.bodies).toHaveLength(200)
  expect(page.bodies).not.toContain('body 250')
})

test('a page that was loaded is kept as well, without a change on the stream', async () => {
  const browser = await afterReading({ message: [message(9)] }, {}, { messages: 9 })
  const page = new Page(browser)
  await page.net.welcomes()
  await page.isTold(live(ROOM, 10))
  await page.isKept()
  const loaded = page.belfry.room('general').loadEarlier()
  const items = some(8)
  await page.socket.answers('message.list', { result: { items, next: null, epoch: EPOCH, seq: 10 } })
  await loaded
  await page.isKept()
  const next = new Page(browser)
  await turn()
  expect(next.bodies).toHaveLength(9)
  expect(next.belfry.room('general').view.get().earlier).toBe(false)
})

test('a page that goes out of sight is kept at once', async () => {
  const browser = await afterReading({ message: some(1) })
  const page = new Page(browser)
  await page.net.welcomes()
  await page.isTold(change(ROOM, [10, 11], { message: [message(2, { changed: 11 })] }))
  page.net.hides()
  await turn()
  const next = new Page(browser)
  await turn()
  expect(next.bodies).toEqual(['body 1', 'body 2'])
})

test('[A2] a room that one may not see any more is not kept any more', async () => {
  const browser = await afterReading({ message: some(2) })
  const page = new Page(browser)
  await page.net.welcomes()
  await page.isTold({ t: 'unfollowed', topic: ROOM, reason: 'not-found' })
  expect(page.belfry.room('general').view.get()).toMatchObject({ is: 'gone', items: [] })
  await page.isKept()
  const next = new Page(browser)
  await turn()
  expect(next.belfry.room('general').view.get().is).toBe('loading')
})

test('[A2] also one that nobody opens: it is found out with the first connection', async () => {
  const browser = await afterReading({ message: some(2) })
  const page = new Page(browser, [])
  await turn()
  await page.net.welcomes()
  await page.socket.answers('room.list', { result: { items: [{ id: 'den' }], next: null } })
  expect((await browser.kept('alice').topics()).map((copy) => (copy as { topic: string }).topic)).not.toContain(ROOM)
  expect(page.belfry.room('general').view.get().is).toBe('loading')
})

test('a room that is opened later opens from its copy, and is followed from there', async () => {
  const page = new Page(await afterReading({ message: some(2) }), [])
  await turn()
  await page.net.welcomes()
  await page.socket.answers('room.list', { result: { items: [{ id: 'general' }], next: null } })
  expect(page.belfry.room('general').view.get().is).toBe('ready')
  expect(page.socket.frames('follow')).toMatchObject([{ topic: ROOM, epoch: EPOCH, seq: 10 }])
})

test('the rooms that are kept are listed until the server has answered', async () => {
  const page = new Page(await afterReading({ message: some(2) }), [])
  const { list } = page.belfry.rooms
  list.subscribe(() => undefined)
  await turn()
  expect(list.get()).toMatchObject({
    is: 'ready',
    isWhole: false,
    items: [{ id: 'general', name: 'General', kind: 'open', role: 'member' }],
  })
  await page.net.welcomes()
  const den = listedRoom({ id: 'den', name: 'Den', kind: 'closed' })
  for (const { id } of page.socket.calls('room.list')) page.socket.tells({ t: 'reply', id, result: { items: [den], next: null } })
  await turn()
  expect(list.get()).toEqual({ is: 'ready', items: [den], isWhole: true })
})

test('a room that was let go of opens again without the server, from what this page had of it', async () => {
  const page = new Page(await afterReading({ message: some(2) }), [])
  await turn()
  await page.net.welcomes()
  page.belfry.room('general')
  await page.isTold(change(ROOM, [10, 11], { message: [message(3, { changed: 11 })] }))
  for (let n = 0; n < ROOMS_OPEN_MAX; n++) page.belfry.room(`r${n}`)
  page.socket.breaks()
  expect(page.bodies).toEqual(['body 1', 'body 2', 'body 3'])
})

test('a room that was let go of before it was kept is kept all the same', async () => {
  const browser = await afterReading({ message: some(2) })
  const page = new Page(browser, [])
  await turn()
  await page.net.welcomes()
  page.belfry.room('general')
  await page.isTold(change(ROOM, [10, 11], { message: [message(3, { changed: 11 })] }))
  for (let n = 0; n < ROOMS_OPEN_MAX; n++) page.belfry.room(`r${n}`)
  await page.isKept()
  const next = new Page(browser)
  await turn()
  expect(next.bodies).toHaveLength(3)
})

test('who opens a room from its copy can do so while a page is drawn: others are told afterwards', async () => {
  const page = new Page(await afterReading({ message: some(2) }), [])
  await turn()
  await page.net.welcomes()
  const listed = page.belfry.rooms.refresh()
  await page.socket.answers('room.list', { result: { items: [{ id: 'general', seq: 0 }], next: null } })
  await listed
  const told: string[] = []
  page.belfry.rooms.list.subscribe(() => told.push('list'))
  const { view } = page.belfry.room('general')
  expect([view.get().is, told]).toEqual(['ready', []])
  await turn()
  expect(told).toEqual(['list'])
})

test('of the notifications the newest are kept, and the lists say so', async () => {
  const ids = Array.from({ length: KEPT_NOTIFICATIONS_MAX + 50 }, (_, at) => `n${1_000 + at}`)
  const browser = await afterReading({}, { notification: ids.map((id) => notification(id)) })
  const page = new Page(browser)
  await turn()
  const list = page.belfry.inbox.list('unread').get()
  expect(list.items.map(({ id }) => id).toSorted()).toEqual(ids.slice(50))
  expect(list.more).toBe(true)
})

test('[P4] the 20 rooms that were opened last are kept', async () => {
  const browser = new FakeBrowser()
  const page = new Page(browser, [])
  await page.net.welcomes()
  for (let n = 1; n <= 22; n++) {
    page.belfry.room(`room-${n}`)
    await page.isTold(snapshot(`room:room-${n}`, 1, { rows: { message: [message(1)] } }), live(`room:room-${n}`, 1))
    await page.net.clock.passes(500)
  }
  await page.isKept()
  const next = new Page(browser, [])
  await turn()
  const open = (n: number) => next.belfry.room(`room-${n}`).view.get().is
  expect([open(1), open(2), open(3), open(22)]).toEqual(['loading', 'loading', 'ready', 'ready'])
})

test('[P4] of the profiles those of who wrote what is kept come first, then the newest', async () => {
  const browser = await afterReading({ message: [message(1, { authorId: 'writer' })] })
  const page = new Page(browser)
  await page.net.welcomes()
  const people = Array.from({ length: 700 }, (_, at) => user(`u${at}`, { changed: 10 + at }))
  await page.isTold(snapshot(WORKSPACE, 800, { rows: { user: [user('writer'), ...people] } }), live(WORKSPACE, 800))
  await page.isKept()
  const next = new Page(browser)
  await turn()
  const known = next.belfry.people.known.get()
  expect(known.size).toBe(500)
  expect([known.has('writer'), known.has('u699'), known.has('u0')]).toEqual([true, true, false])
})

test('marks made without a connection say the position of the copy', async () => {
  const page = new Page(await afterReading({}, { notification: [notification('n1')], counts: [counts(1, 1)] }))
  await turn()
  page.belfry.inbox.markAllRead()
  expect(page.belfry.inbox.view.get().counts.unread).toBe(0)
  await page.net.welcomes()
  expect(page.socket.calls('notification.mark-all')).toMatchObject([{ input: { epoch: EPOCH, upTo: 5 } }])
})

test('storage that never answers is gone on without, also for what is written', async () => {
  const browser = await afterReading({ message: some(2) })
  browser.stalls()
  const page = new Page(browser)
  page.socket.opens()
  page.belfry.room('general').post('one')
  await page.net.clock.passes(999)
  expect(page.positions).toBeUndefined()
  await page.net.clock.passes(1)
  expect(page.positions).toEqual([[WORKSPACE], [OWN], [ROOM]])
  await page.net.welcomes()
  expect(page.bodies).toEqual(['one'])
  expect(page.sent).toEqual([])
  await page.net.clock.passes(4_000)
  expect(page.sent).toEqual(['message.post'])
})

test('[F3] a copy that was read too late does not take the place of what the server told', async () => {
  const browser = await afterReading({ message: some(2) })
  const goesOn = browser.stalls()
  const page = new Page(browser)
  page.socket.opens()
  await page.net.clock.passes(1_000)
  await page.net.welcomes()
  await page.isTold(snapshot(ROOM, 12, { rows: { message: [message(1, { changed: 11, body: 'edited' })] } }), live(ROOM, 12))
  await goesOn()
  expect(page.bodies).toEqual(['edited'])
})

test('where there is no room for more, all goes on, and the older copy serves', async () => {
  const browser = await afterReading({ message: some(2) })
  const page = new Page(browser)
  await page.net.welcomes()
  browser.isFull = true
  await page.isTold(change(ROOM, [10, 11], { message: [message(3, { changed: 11 })] }))
  await page.isKept()
  expect(page.bodies).toHaveLength(3)
  const next = new Page(browser)
  await next.net.welcomes()
  expect(next.bodies).toEqual(['body 1', 'body 2'])
  expect(next.positions).toContainEqual([ROOM, EPOCH, 10])
})

test('once closed, nothing is written any more', async () => {
  const browser = await afterReading({ message: some(1) })
  const page = new Page(browser)
  await page.net.welcomes()
  await page.isTold(change(ROOM, [10, 11], { message: [message(2, { changed: 11 })] }))
  page.belfry.close()
  expect(page.net.clock.waiting).toBe(0)
  page.net.hides()
  await turn()
  const next = new Page(browser)
  await turn()
  expect(next.bodies).toEqual(['body 1'])
})
