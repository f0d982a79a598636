import { expect, test } from 'vitest'
import type { Belfry, RoomHandle } from '#belfry.ts'
import { connect } from '#belfry.ts'
import { KEPT_WITHIN_MS } from '#patience.ts'
import { FakeBrowser, FakeNetwork, live, message, snapshot, turn } from './fake-world.ts'

const ROOM = 'room:general'

/** A page that is online in General as soon as storage has been read. */
class Page {
  readonly net = new FakeNetwork()
  readonly browser: FakeBrowser
  readonly belfry: Belfry
  readonly room: RoomHandle

  constructor(browser: FakeBrowser) {
    this.browser = browser
    this.belfry = connect({ url: 'http://x', account: 'alice', rooms: ['general'], keep: browser.keep, world: this.net.world })
    this.room = this.belfry.room('general')
  }

  static async opens(browser = new FakeBrowser()): Promise<Page> {
    const page = new Page(browser)
    await page.comesOnline()
    return page
  }

  get sent(): string[] {
    return this.net.socket.calls('message.post').map(({ input }) => String(input['body']))
  }

  get shown(): string[] {
    return this.room.view.get().items.map(({ body, state }) => `${body} (${state})`)
  }

  async comesOnline(): Promise<void> {
    await this.net.welcomes()
    this.net.socket.tells(snapshot(ROOM, 10), live(ROOM, 10))
    await turn()
  }

  /** What the next page would find. */
  async kept(): Promise<string[]> {
    const entries = await this.browser.kept('alice').outbox([])
    return entries.map(({ input, tries }) => `${'body' in input ? input.body : ''} ${tries}`)
  }
}

/** A browser in which a page was closed that had written this offline. */
async function withUnsent(...bodies: string[]): Promise<FakeBrowser> {
  const browser = new FakeBrowser()
  const page = new Page(browser)
  for (const body of bodies) page.room.post(body)
  await turn()
  page.belfry.close()
  return browser
}

test('[W8] nothing is sent before what an earlier page has kept is read: that goes first', async () => {
  const browser = await withUnsent('one')
  const goesOn = browser.stalls()
  const page = await Page.opens(browser)
  page.room.post('two')
  await turn()
  expect([page.shown, page.sent]).toEqual([['two (sending)'], []])
  await goesOn()
  expect(page.shown).toEqual(['one (sending)', 'two (sending)'])
  expect(page.sent).toEqual(['one'])
})

test('[W3] what an earlier page has kept and the next one posts again under its id is one message', async () => {
  const browser = new FakeBrowser()
  const first = new Page(browser)
  const id = first.room.post('one')
  await turn()
  first.belfry.close()
  const page = new Page(browser)
  page.room.post('one', { id })
  await page.comesOnline()
  expect([page.shown, page.sent, await page.kept()]).toEqual([['one (sending)'], ['one'], ['one 1']])
})

test('[W8] what is written is shown at once, and sent when it is kept', async () => {
  const page = await Page.opens()
  const goesOn = page.browser.stalls()
  page.room.post('one')
  await turn()
  expect([page.shown, page.sent]).toEqual([['one (sending)'], []])
  await goesOn()
  expect(page.sent).toEqual(['one'])
})

test('[W8] it is kept as sent before it is sent: the next page knows that an attempt may be open', async () => {
  const page = await Page.opens()
  page.room.post('one')
  await turn()
  expect(page.sent).toEqual(['one'])
  expect(await page.kept()).toEqual(['one 1'])
  const next = await Page.opens(page.browser)
  await next.net.socket.answers('message.post', { refusal: { code: 'not-found', detail: 'You are not in this room.' } })
  expect(next.shown).toEqual(['one (sending)'])
  await next.net.clock.passes(30_000)
  expect(next.shown).toEqual(['one (sending)'])
})

test('[W8] nor is the next one sent before it is kept as sent', async () => {
  const page = await Page.opens()
  const id = page.room.post('one')
  page.room.post('two')
  await turn()
  const goesOn = page.browser.stalls()
  await page.net.socket.answers('message.post', { result: message(1, { id, body: 'one', authorId: 'alice', changed: 11 }) })
  expect(page.sent).toEqual(['one'])
  await goesOn()
  expect(page.sent).toEqual(['one', 'two'])
})

test('[W8] what was answered after storage had been too late is not sent again by the next page', async () => {
  const page = await Page.opens()
  page.net.socket.breaks()
  const ids = [page.room.post('one'), page.room.post('two')]
  await turn()
  const goesOn = page.browser.stalls()
  await page.net.clock.passes(500)
  await page.comesOnline()
  await page.net.clock.passes(KEPT_WITHIN_MS)
  for (const [at, id] of ids.entries())
    await page.net.socket.answers('message.post', { result: message(at + 1, { id, authorId: 'alice', changed: at + 11 }) })
  expect(page.sent).toEqual(['one', 'two'])
  expect((await page.kept()).length).toBeGreaterThan(0)
  await goesOn()
  expect(await page.kept()).toEqual([])
})

test('[W8] storage that was too late keeps again once it answers: also what was written without it', async () => {
  const page = await Page.opens()
  page.net.socket.breaks()
  const goesOn = page.browser.stalls()
  page.room.post('one')
  await page.net.clock.passes(KEPT_WITHIN_MS)
  const id = page.room.post('two')
  page.room.edit(id, 'two, mended')
  const safe = isSafe(page, id)
  await turn()
  expect(safe.now).toBe(false)
  await goesOn()
  await turn()
  expect(safe.now).toBe(true)
  page.room.post('three')
  await turn()
  expect(await page.kept()).toEqual(['one 0', 'two, mended 0', 'three 0'])
})

test('[W8] storage that was late once is waited for again', async () => {
  const page = await Page.opens()
  page.net.socket.breaks()
  const goesOn = page.browser.stalls()
  const id = page.room.post('one')
  await page.net.clock.passes(KEPT_WITHIN_MS)
  await goesOn()
  const goesOnAgain = page.browser.stalls()
  page.room.edit(id, 'one, mended')
  page.room.post('two')
  await page.net.clock.passes(500)
  await page.comesOnline()
  expect(page.sent).toEqual([])
  const safe = isSafe(page, id)
  await page.net.clock.passes(KEPT_WITHIN_MS)
  expect(page.sent).toEqual(['one, mended'])
  expect(safe.now).toBe(false)
  await goesOnAgain()
  expect(safe.now).toBe(true)
  expect(await page.kept()).toEqual(['one, mended 1', 'two 0'])
})

test('[W8] where storage was late, and then had no room, what was written is sent from here', async () => {
  const page = await Page.opens()
  const goesOn = page.browser.stalls()
  const id = page.room.post('one')
  await page.net.clock.passes(KEPT_WITHIN_MS)
  page.browser.isFull = true
  await goesOn()
  page.room.post('two')
  await turn()
  await page.net.socket.answers('message.post', { result: message(1, { id, body: 'one', authorId: 'alice', changed: 11 }) })
  expect([page.sent, page.shown.at(-1), await page.kept()]).toEqual([['one', 'two'], 'two (sending)', []])
})

test('[W8] storage that is slow all the time holds up nothing after the first time', async () => {
  const page = await Page.opens()
  const goesOn = page.browser.stalls()
  page.room.post('one')
  await page.net.clock.passes(KEPT_WITHIN_MS)
  const stillSlow = page.browser.stalls()
  await goesOn()
  const id = page.net.socket.calls('message.post')[0]!.input['id'] as string
  await page.net.socket.answers('message.post', { result: message(1, { id, body: 'one', authorId: 'alice', changed: 11 }) })
  page.room.post('two')
  await turn()
  expect(page.sent).toEqual(['one', 'two'])
  await stillSlow()
  expect(await page.kept()).toEqual(['two 1'])
})

test('what waits looks the same while others are kept: its item stays the same', async () => {
  const page = await Page.opens()
  page.net.socket.breaks()
  page.room.post('one')
  const [before] = page.room.view.get().items
  await turn()
  page.room.post('two')
  await turn()
  expect(page.room.view.get().items[0]).toBe(before)
})

test('what was taken back before it was kept is not sent', async () => {
  const page = await Page.opens()
  const goesOn = page.browser.stalls()
  const id = page.room.post('one')
  page.room.post('two')
  page.room.remove(id)
  await goesOn()
  expect(page.sent).toEqual(['two'])
})

test('a connection that is lost before it is kept sends it once, afterwards', async () => {
  const page = await Page.opens()
  const goesOn = page.browser.stalls()
  const first = page.net.socket
  page.room.post('one')
  first.breaks()
  await goesOn()
  expect(first.calls()).toEqual([])
  await page.net.clock.passes(500)
  await page.comesOnline()
  expect(page.sent).toEqual(['one'])
})

test('a post is safe when it is kept, and not before', async () => {
  const page = await Page.opens()
  const goesOn = page.browser.stalls()
  const safe = isSafe(page, page.room.post('one'))
  await turn()
  expect(safe.now).toBe(false)
  await goesOn()
  expect(safe.now).toBe(true)
})

test('an edit is safe when it is kept too', async () => {
  const page = await Page.opens()
  page.net.socket.tells(snapshot(ROOM, 11, { rows: { message: [message(1, { authorId: 'alice' })] } }))
  const goesOn = page.browser.stalls()
  page.room.edit('m1', 'uno')
  const safe = isSafe(page, 'm1')
  await turn()
  expect(safe.now).toBe(false)
  await goesOn()
  expect(safe.now).toBe(true)
})

test('what finds no room in storage is safe when it is answered', async () => {
  const page = await Page.opens()
  page.browser.isFull = true
  const id = page.room.post('one')
  const safe = isSafe(page, id)
  await turn()
  expect([page.sent, safe.now]).toEqual([['one'], false])
  await page.net.socket.answers('message.post', { result: message(1, { id, body: 'one', authorId: 'alice', changed: 11 }) })
  expect(safe.now).toBe(true)
})

test('what was done to it before it found no room is done to it all the same', async () => {
  const page = await Page.opens()
  page.browser.isFull = true
  const id = page.room.post('one')
  page.room.edit(id, 'uno')
  await turn()
  expect(page.shown).toEqual(['uno (sending)'])
  expect(page.sent).toEqual(['uno'])
})

test('an entry whose next state finds no room is held in memory, and no older state of it stays behind', async () => {
  const page = await Page.opens(await withUnsent('one', 'two'))
  page.browser.isFull = true
  await page.net.socket.answers('message.post', { refusal: { code: 'not-found', detail: 'You are not in this room.' } })
  await page.net.clock.passes(1)
  expect(page.shown).toEqual(['one (failed)', 'two (sending)'])
  expect(page.sent).toEqual(['one', 'two'])
  expect(await page.kept()).toEqual([])
})

test('how much would be lost with the account is known: that something was looked at would not be', async () => {
  const page = await Page.opens()
  page.net.socket.breaks()
  page.room.post('one')
  page.belfry.inbox.mark('n1', { read: true })
  page.belfry.inbox.markAllSeen()
  expect(page.belfry.unsentChanges()).toBe(2)
})

function isSafe(page: Page, id: string): { now: boolean } {
  const safe = { now: false }
  void page.belfry.whenSafe(id).then(() => (safe.now = true))
  return safe
}
