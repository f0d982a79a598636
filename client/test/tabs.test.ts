import type { Message } from '@belfry/protocol/rows.ts'
import { expect, test } from 'vitest'
import type { Belfry } from '#belfry.ts'
import { connect } from '#belfry.ts'
import { KEPT_WITHIN_MS } from '#patience.ts'
import { FakeBrowser, type FakeSocket } from './fake-world.ts'
import { change, counts, EPOCH, FakeNetwork, live, message, notification, snapshot, turn } from './fake-world.ts'

const ROOM = 'room:general'
const OWN = 'user:alice'

/** One page of one browser. */
class Tab {
  readonly net = new FakeNetwork()
  readonly belfry: Belfry

  constructor(browser: FakeBrowser, { locks = true } = {}) {
    const world = { ...this.net.world, ...(locks && browser.world) }
    this.belfry = connect({ url: 'http://x', account: 'alice', rooms: ['general'], keep: browser.keep, world })
  }

  get socket(): FakeSocket {
    return this.net.socket
  }

  get room() {
    return this.belfry.room('general')
  }

  get shown(): string[] {
    return this.room.view.get().items.map(({ body, state }) => `${body} (${state})`)
  }

  get sent(): string[] {
    return this.net.sockets.flatMap((socket) => socket.calls()).map(({ name, input }) => `${name} ${String(input['body'] ?? input['id'])}`)
  }

  async comesOnline(epoch = EPOCH): Promise<this> {
    await this.net.welcomes({ epoch })
    this.socket.tells(snapshot(ROOM, 10, { epoch }), live(ROOM, 10, epoch))
    const rows = { notification: [notification('n1'), notification('n2')], counts: [counts(2, 2)] }
    this.socket.tells(snapshot(OWN, 10, { epoch, rows }), live(OWN, 10, epoch))
    await turn()
    return this
  }

  stores(n: number, id: string, body: string): Promise<void> {
    return this.socket.answers('message.post', { result: mine(n, id, body) })
  }
}

function mine(n: number, id: string, body: string): Message {
  return message(n, { id, body, changed: n + 10, authorId: 'alice' })
}

async function twoTabs(): Promise<{ a: Tab; b: Tab }> {
  const browser = new FakeBrowser()
  const a = await new Tab(browser).comesOnline()
  return { a, b: await new Tab(browser).comesOnline() }
}

/** The second one's storage may stall or break by itself. */
async function withSlowTab(): Promise<{ a: Tab; b: Tab; slow: FakeBrowser }> {
  const browser = new FakeBrowser()
  const slow = new FakeBrowser(browser)
  const a = await new Tab(browser).comesOnline()
  return { a, b: await new Tab(slow).comesOnline(), slow }
}

/** The same, once the first one has closed. */
async function withSlowHolder(): Promise<{ b: Tab; slow: FakeBrowser }> {
  const { a, ...left } = await withSlowTab()
  a.belfry.close()
  await turn()
  return left
}

test('[W8] what was written offline in a tab that closes is sent by another, once', async () => {
  const browser = new FakeBrowser()
  const a = new Tab(browser)
  const b = await new Tab(browser).comesOnline()
  const id = a.room.post('one')
  a.belfry.close()
  await turn()
  expect(b.sent).toEqual(['message.post one'])
  await b.stores(1, id, 'one')
  const c = await new Tab(browser).comesOnline()
  expect([a.sent, b.sent, c.sent]).toEqual([[], ['message.post one'], []])
})

test('[W8] one tab holds the outbox: what another stores it sends, once and in the order of storing', async () => {
  const { a, b } = await twoTabs()
  const ids = [a.room.post('one'), b.room.post('two')]
  await turn()
  ids.push(a.room.post('three'))
  expect(a.sent).toEqual(['message.post one'])
  await a.stores(1, ids[0]!, 'one')
  await a.stores(2, ids[1]!, 'two')
  expect(a.sent).toEqual(['message.post one', 'message.post two', 'message.post three'])
  expect(b.sent).toEqual([])
})

test('[W8] a mark in a tab that does not hold the outbox is sent once, in order', async () => {
  const { a, b } = await twoTabs()
  a.belfry.inbox.mark('n1', { read: true })
  b.belfry.inbox.mark('n2', { read: true })
  await turn()
  await a.socket.answers('notification.mark', { result: { ...notification('n1', { changed: 11, readAt: 5 }), counts: counts(1, 1, 11) } })
  expect(a.sent).toEqual(['notification.mark n1', 'notification.mark n2'])
  expect(b.sent).toEqual([])
})

test('[W8] when the holder closes, another tab takes the outbox and goes on', async () => {
  const { a, b } = await twoTabs()
  const [one] = [a.room.post('one'), a.room.post('two')]
  await turn()
  a.belfry.close()
  await turn()
  expect(b.sent).toEqual(['message.post one'])
  await b.stores(1, one, 'one')
  expect(b.sent).toEqual(['message.post one', 'message.post two'])
})

test('[W8] a holder that loses its connection hands over to a tab that is online', async () => {
  const { a, b } = await twoTabs()
  a.socket.breaks()
  b.room.post('one')
  await turn()
  expect(b.sent).toEqual(['message.post one'])
  await a.net.clock.passes(500)
  await a.comesOnline()
  expect(a.sent).toEqual([])
})

test('every tab shows what waits, fails, is tried again and given up in another', async () => {
  const { a, b } = await twoTabs()
  const id = b.room.post('one')
  await turn()
  expect(a.shown).toEqual(['one (sending)'])
  await a.socket.answers('message.post', { refusal: { code: 'not-found', detail: 'You are not in this room.' } })
  expect(b.shown).toEqual(['one (failed)'])
  b.room.retry(id)
  await turn()
  expect(a.sent).toEqual(['message.post one', 'message.post one'])
  await a.socket.answers('message.post', { refusal: { code: 'not-found', detail: 'You are not in this room.' } })
  b.room.discard(id)
  await turn()
  expect([a.shown, b.shown]).toEqual([[], []])
})

test('what another tab was answered is never missing between sending and sent', async () => {
  const { a, b } = await twoTabs()
  const id = b.room.post('one')
  await turn()
  const seen: number[] = []
  b.room.view.subscribe(() => seen.push(b.shown.length))
  await a.stores(1, id, 'one')
  expect(b.shown).toEqual(['one (sending)'])
  b.socket.tells(change(ROOM, [10, 11], { message: [mine(1, id, 'one')] }))
  expect(b.shown).toEqual(['one (sent)'])
  expect(new Set(seen)).toEqual(new Set([1]))
})

test('what another tab was done with, and no row ever shows, goes after a moment', async () => {
  const { a, b } = await twoTabs()
  const id = b.room.post('one')
  await turn()
  await a.stores(1, id, 'one')
  await b.net.clock.passes(1_000)
  expect(b.shown).toEqual([])
  b.belfry.close()
  expect(b.net.clock.waiting).toBe(0)
})

test('[W8] what another tab stored before the database was restored dies with its epoch', async () => {
  const browser = new FakeBrowser()
  const a = await new Tab(browser).comesOnline()
  a.socket.breaks()
  a.belfry.inbox.markAllRead()
  a.belfry.close()
  const b = await new Tab(browser).comesOnline('e2')
  expect(b.sent).toEqual([])
})

test('what finds no room in storage is sent by the tab that has it', async () => {
  const browser = new FakeBrowser()
  await new Tab(browser).comesOnline()
  const b = await new Tab(browser).comesOnline()
  browser.isFull = true
  b.room.post('one')
  await turn()
  expect(b.sent).toEqual(['message.post one'])
})

test('[W8] what found no room does not overtake what another tab has to send before it, and stands before what is stored later', async () => {
  const browser = new FakeBrowser()
  const a = await new Tab(browser).comesOnline()
  const b = await new Tab(browser).comesOnline()
  const ids = [a.room.post('one'), a.room.post('two')]
  await turn()
  browser.isFull = true
  b.room.post('three')
  await turn()
  expect(b.sent).toEqual([])
  await a.stores(1, ids[0]!, 'one')
  browser.isFull = false
  await a.stores(2, ids[1]!, 'two')
  await turn()
  expect([...a.sent, ...b.sent]).toEqual(['message.post one', 'message.post two', 'message.post three'])
  b.room.post('four')
  await turn()
  expect(b.shown.slice(-2)).toEqual(['three (sending)', 'four (sending)'])
})

test('signing out in one tab leaves nothing of the outbox in the others', async () => {
  const { a, b } = await twoTabs()
  a.socket.breaks()
  b.socket.breaks()
  a.room.post('one')
  await turn()
  await a.belfry.forget()
  await b.net.clock.passes(1_500)
  expect(b.shown).toEqual([])
})

test('[W8] who takes the outbox reads what was stored while nothing was heard', async () => {
  const browser = new FakeBrowser()
  const [a, b] = [await new Tab(browser).comesOnline(), await new Tab(browser).comesOnline()]
  browser.isSilent = true
  a.room.post('one')
  a.belfry.close()
  await turn()
  expect(b.sent).toEqual(['message.post one'])
})

test('[W8] a tab that sent for itself while storage was late leaves it to the holder again', async () => {
  const { a, b, slow } = await withSlowTab()
  const goesOn = slow.stalls()
  const id = b.room.post('one')
  await b.net.clock.passes(KEPT_WITHIN_MS)
  b.socket.breaks()
  await b.net.clock.passes(500)
  await b.comesOnline()
  await goesOn()
  b.room.post('two')
  await b.stores(1, id, 'one')
  await turn()
  expect(b.sent).toEqual(['message.post one', 'message.post one'])
  expect(a.sent).toEqual(['message.post one'])
  await a.stores(1, id, 'one')
  expect(a.sent).toEqual(['message.post one', 'message.post two'])
})

test('[W8] what another tab was done with while storage was late here does not come back', async () => {
  const { a, b, slow } = await withSlowTab()
  a.belfry.inbox.mark('n1', { read: true })
  await turn()
  const goesOn = slow.stalls()
  b.room.post('one')
  await a.socket.answers('notification.mark', { result: { ...notification('n1', { changed: 11, readAt: 5 }), counts: counts(1, 1, 11) } })
  await b.net.clock.passes(KEPT_WITHIN_MS)
  expect(b.sent).toEqual(['message.post one'])
  await goesOn()
  await turn()
  expect([a.sent, b.sent]).toEqual([['notification.mark n1', 'message.post one'], ['message.post one']])
})

test('[W8] a tab whose storage is late does not wait for what another sends', async () => {
  const { a, b, slow } = await withSlowTab()
  a.room.post('one')
  await turn()
  slow.stalls()
  b.room.post('two')
  await b.net.clock.passes(KEPT_WITHIN_MS)
  expect([a.sent, b.sent]).toEqual([['message.post one'], ['message.post two']])
})

test('[W8] a holder whose storage is late leaves it to another to send what that one keeps', async () => {
  const { b, slow } = await withSlowHolder()
  const c = await new Tab(new FakeBrowser(slow)).comesOnline()
  slow.stalls()
  b.room.post('one')
  await b.net.clock.passes(KEPT_WITHIN_MS)
  c.room.post('two')
  await turn()
  expect([b.sent, c.sent]).toEqual([['message.post one'], ['message.post two']])
})

test('[W8] so does one to which another comes later', async () => {
  const { b, slow } = await withSlowHolder()
  slow.stalls()
  b.room.post('one')
  await b.net.clock.passes(KEPT_WITHIN_MS)
  const c = await new Tab(new FakeBrowser(slow)).comesOnline()
  c.room.post('two')
  await b.net.clock.passes(KEPT_WITHIN_MS)
  await turn()
  expect([b.sent, c.sent]).toEqual([['message.post one'], ['message.post two']])
})

test('[W8] a holder whose storage is late sends no more of what another keeps, though it had begun to', async () => {
  const { b, slow } = await withSlowHolder()
  const c = await new Tab(new FakeBrowser(slow)).comesOnline()
  const id = b.room.post('one')
  await turn()
  c.room.post('two')
  await turn()
  slow.stalls()
  await b.stores(1, id, 'one')
  await b.net.clock.passes(KEPT_WITHIN_MS)
  await turn()
  expect([b.sent, c.sent]).toEqual([['message.post one'], ['message.post one']])
  await c.stores(1, id, 'one')
  await turn()
  expect([b.sent, c.sent[1]]).toEqual([['message.post one'], 'message.post two'])
})

test('[W8] a tab whose storage is late sends its own in order, also what had been stored', async () => {
  const browser = new FakeBrowser()
  const [a, b] = [await new Tab(browser).comesOnline(), await new Tab(browser).comesOnline()]
  browser.isSilent = true
  b.room.post('one')
  await turn()
  browser.stalls()
  const id = b.room.post('two')
  b.room.edit(id, 'two, mended')
  await b.net.clock.passes(KEPT_WITHIN_MS)
  expect([a.sent, b.sent]).toEqual([[], ['message.post one']])
  await b.stores(1, String(b.socket.calls('message.post')[0]!.input['id']), 'one')
  expect(b.sent).toEqual(['message.post one', 'message.post two, mended'])
})

test('[W8] a tab whose storage is late changes no message that another has yet to post', async () => {
  const { a, b, slow } = await withSlowTab()
  const id = a.room.post('one')
  await turn()
  slow.stalls()
  b.room.remove(id)
  await b.net.clock.passes(KEPT_WITHIN_MS)
  expect([a.sent, b.sent]).toEqual([['message.post one'], []])
})

test('[W8] whoever is to send while storage is late reads what the last one left as soon as it answers', async () => {
  const { a, b, slow } = await withSlowTab()
  const goesOn = slow.stalls()
  b.room.post('one')
  await b.net.clock.passes(KEPT_WITHIN_MS)
  const again = slow.stalls('answer')
  await goesOn()
  a.socket.breaks()
  a.room.post('two')
  a.belfry.close()
  await turn()
  await again()
  expect(b.shown).toEqual(['one (sending)', 'two (sending)'])
})

test('[W8] what was posted anew while storage was late is sent', async () => {
  const { b, slow } = await withSlowTab()
  slow.stalls()
  const id = b.room.post('one')
  await b.net.clock.passes(KEPT_WITHIN_MS)
  await b.socket.answers('message.post', { refusal: { code: 'expired', detail: 'Post it anew.' } })
  b.room.retry(id)
  await turn()
  expect(b.sent).toEqual(['message.post one', 'message.post one'])
})

test('[W8] a tab whose storage refuses for good leaves it to another to send what that one keeps', async () => {
  const { b, slow } = await withSlowHolder()
  const c = await new Tab(new FakeBrowser(slow)).comesOnline()
  slow.isBroken = true
  b.room.post('one')
  await turn()
  c.room.post('two')
  await turn()
  expect([b.sent, c.sent]).toEqual([['message.post one'], ['message.post two']])
})

test('[W8] the order of storing stands in storage, whatever ids say', async () => {
  const browser = new FakeBrowser()
  const a = await new Tab(browser).comesOnline()
  const ids = [a.room.post('one'), a.room.post('two')]
  for (const _ of ids) await a.socket.answers('message.post', { refusal: { code: 'expired', detail: 'Post it anew.' } })
  a.socket.breaks()
  for (const id of ids.toReversed()) a.room.retry(id)
  a.belfry.close()
  const b = await new Tab(browser).comesOnline()
  expect(b.sent).toEqual(['message.post one'])
})

test('[W8] a tab that lost its connection while it read what the last one left is not the holder', async () => {
  const browser = new FakeBrowser()
  const a = new Tab(browser)
  const goesOn = browser.stalls()
  await a.comesOnline()
  a.socket.breaks()
  await goesOn()
  const b = await new Tab(browser).comesOnline()
  await a.net.clock.passes(500)
  await a.comesOnline()
  a.room.post('one')
  await turn()
  expect([a.sent, b.sent]).toEqual([[], ['message.post one']])
})

test('where tabs cannot agree on who sends, each sends what it found and what is its own', async () => {
  const browser = new FakeBrowser()
  const closed = new Tab(browser, { locks: false })
  closed.room.post('found')
  closed.belfry.close()
  const a = await new Tab(browser, { locks: false }).comesOnline()
  a.socket.breaks()
  const b = await new Tab(browser, { locks: false }).comesOnline()
  await b.stores(1, String(b.socket.calls()[0]!.input['id']), 'found')
  a.room.post('of a')
  b.room.post('of b')
  await turn()
  expect(b.shown).toContain('of a (sending)')
  expect(b.sent).toEqual(['message.post found', 'message.post of b'])
})
