import type { Snapshot } from '@belfry/protocol/down.ts'
import type { Notification } from '@belfry/protocol/rows.ts'
import { expect, test } from 'vitest'
import type { Belfry, Inbox, InboxFilter } from '#belfry.ts'
import { connect } from '#belfry.ts'
import type { FakeSocket } from './fake-world.ts'
import { change, counts, EPOCH, FakeNetwork, live, notification, snapshot, turn } from './fake-world.ts'

const OWN = 'user:alice'

interface Stage {
  net: FakeNetwork
  belfry: Belfry
  inbox: Inbox
  socket: FakeSocket
  rung: string[]
}

async function inInbox(rows: Snapshot['rows'] = {}, windows: Snapshot['windows'] = { unread: null, all: null }): Promise<Stage> {
  const net = new FakeNetwork()
  const belfry = connect({ url: 'http://localhost:8000', world: net.world })
  const { inbox } = belfry
  const rung: string[] = []
  inbox.onRing((notifications) => rung.push(...notifications.map(({ id }) => id)))
  const socket = await net.welcomes()
  socket.tells(snapshot(OWN, 10, { rows, windows }), live(OWN, 10))
  return { net, belfry, inbox, socket, rung }
}

function ids(inbox: Inbox, filter: InboxFilter): string[] {
  return inbox
    .list(filter)
    .get()
    .items.map(({ id }) => id)
}

/** What waits, once the connection is back: each is answered with nothing new. */
async function sentAfterwards({ net }: Stage): Promise<object[]> {
  await net.clock.passes(20_000)
  const socket = await net.welcomes()
  for (let met = 0; met < socket.calls().length; met++)
    await socket.answers(socket.calls()[met]!.name, { refusal: { code: 'not-found', detail: 'There is nothing here.' } })
  return socket.calls().map(({ input }) => input)
}

const two = { notification: [notification('n1'), notification('n2')], counts: [counts(2, 2)] }
const read = (id: string, changed: number, own: Partial<Notification> = {}) => notification(id, { changed, readAt: 5, seenAt: 5, ...own })

test('the inbox is loading, then shows its counts and lists, newest first', async () => {
  const net = new FakeNetwork()
  const { inbox } = connect({ url: 'http://x', world: net.world })
  expect(inbox.view.get()).toEqual({ is: 'loading', counts: { unread: 0, unseen: 0 } })
  expect(inbox.list('unread').get()).toEqual({ items: [], more: false, loaded: false })
  const stage = await inInbox({
    notification: [notification('n1'), read('n2', 2), notification('n3', { deletedAt: 3 })],
    counts: [counts(1, 1)],
  })
  expect(stage.inbox.view.get()).toEqual({ is: 'ready', counts: { unread: 1, unseen: 1 } })
  expect(ids(stage.inbox, 'all')).toEqual(['n2', 'n1'])
  expect(ids(stage.inbox, 'unread')).toEqual(['n1'])
  expect(stage.inbox.list('archived').get().loaded).toBe(false)
})

test('one rings that arrives live, once', async () => {
  const { inbox, socket, rung } = await inInbox(two)
  const frame = change(OWN, [10, 11], { notification: [notification('n3', { changed: 11 })], counts: [counts(3, 3, 11)] })
  socket.tells(frame, frame)
  expect(rung).toEqual(['n3'])
  expect(ids(inbox, 'unread')).toEqual(['n3', 'n2', 'n1'])
  expect(inbox.view.get().counts).toEqual({ unread: 3, unseen: 3 })
})

test('one rings that arrived while away, unless it was read elsewhere', async () => {
  const { net, socket, rung } = await inInbox(two)
  socket.breaks()
  await net.clock.passes(500)
  const next = await net.welcomes()
  next.tells(
    change(OWN, [10, 12], {
      notification: [notification('n3', { changed: 11 }), read('n4', 12), notification('n5', { changed: 12, deletedAt: 9 })],
    }),
  )
  expect(rung).toEqual(['n3'])
})

test('what a snapshot brings does not ring, nor what changes, nor what is made unread again', async () => {
  const { socket, rung } = await inInbox({ notification: [read('n5', 2)] }, { unread: null, all: 'n5' })
  socket.tells(change(OWN, [10, 11], { notification: [read('n5', 11, { readAt: null })] }))
  socket.tells(change(OWN, [11, 12], { notification: [read('n1', 12, { readAt: null })] }))
  socket.tells(snapshot(OWN, 20, { rows: { notification: [notification('n9')] } }))
  expect(rung).toEqual([])
})

test('a mark is shown at once, with its counts, and stays when it is answered', async () => {
  const { inbox, socket } = await inInbox(two)
  inbox.mark('n1', { read: true })
  expect(ids(inbox, 'unread')).toEqual(['n2'])
  expect(inbox.view.get().counts).toEqual({ unread: 1, unseen: 1 })
  expect(socket.calls('notification.mark')).toMatchObject([{ input: { id: 'n1', read: true } }])
  await socket.answers('notification.mark', { result: { ...read('n1', 11), counts: counts(1, 1, 11) } })
  expect(inbox.view.get().counts).toEqual({ unread: 1, unseen: 1 })
  socket.tells(change(OWN, [10, 11], { notification: [read('n1', 11)], counts: [counts(1, 1, 11)] }))
  expect(ids(inbox, 'unread')).toEqual(['n2'])
})

test('archiving reads; taking back out of the archive does not make it unread', async () => {
  const { inbox } = await inInbox(two)
  inbox.mark('n1', { archived: true })
  expect(ids(inbox, 'all')).toEqual(['n2'])
  inbox.mark('n1', { archived: false })
  expect(ids(inbox, 'all')).toEqual(['n2', 'n1'])
  expect(ids(inbox, 'unread')).toEqual(['n2'])
})

test('a deleted one is gone at once', async () => {
  const { inbox, socket } = await inInbox(two)
  inbox.remove('n2')
  expect(ids(inbox, 'all')).toEqual(['n1'])
  expect(inbox.view.get().counts).toEqual({ unread: 1, unseen: 1 })
  await socket.answers('notification.delete', {
    result: { ...notification('n2', { changed: 11, deletedAt: 9 }), counts: counts(1, 1, 11) },
  })
  expect(ids(inbox, 'all')).toEqual(['n1'])
})

test('a mark that is refused is taken back', async () => {
  const { inbox, socket } = await inInbox(two)
  inbox.mark('n1', { read: true })
  await socket.answers('notification.mark', { refusal: { code: 'not-found', detail: 'There is nothing here.' } })
  expect(ids(inbox, 'unread')).toEqual(['n2', 'n1'])
  expect(inbox.view.get().counts).toEqual({ unread: 2, unseen: 2 })
})

test('[W3] a mark says which state it marks, as that is known when it is sent', async () => {
  const { inbox, socket } = await inInbox(two)
  inbox.mark('n1', { read: true })
  inbox.mark('n1', { read: false })
  inbox.mark('n9', { read: true })
  await socket.answers('notification.mark', { result: { ...read('n1', 11), counts: counts(1, 1, 11) } })
  await socket.answers('notification.mark', { result: { ...notification('n1', { changed: 12, seenAt: 5 }), counts: counts(2, 1, 12) } })
  expect(socket.calls('notification.mark').map(({ input }) => input)).toEqual([
    { id: 'n1', read: true, changed: 1 },
    { id: 'n1', read: false, changed: 11 },
    { id: 'n9', read: true },
  ])
})

test('[W3] what was changed meanwhile is marked all the same, as it is now', async () => {
  const { net, inbox, socket } = await inInbox(two)
  inbox.mark('n1', { read: true })
  const row = notification('n1', { changed: 12, title: 'Another title' })
  await socket.answers('notification.mark', { refusal: { code: 'stale', detail: 'It was changed meanwhile.', row } })
  expect(inbox.list('all').get().items).toMatchObject([{ id: 'n2' }, { id: 'n1', title: 'Another title', readAt: expect.any(Number) }])
  await net.clock.passes(0)
  expect(socket.calls('notification.mark')).toMatchObject([{ input: { changed: 1 } }, { input: { id: 'n1', read: true, changed: 12 } }])
})

test('[W3] one that is refused with an older state than was seen waits for newer rows', async () => {
  const { net, inbox, socket } = await inInbox(two)
  inbox.mark('n1', { read: true })
  const row = notification('n1', { changed: 0 })
  await socket.answers('notification.mark', { refusal: { code: 'stale', detail: 'It was changed meanwhile.', row } })
  await net.clock.passes(0)
  expect(socket.calls('notification.mark')).toHaveLength(1)
  socket.tells(snapshot(OWN, 20, { rows: { notification: [notification('n1', { changed: 15 })] } }))
  await net.clock.passes(500)
  expect(socket.calls('notification.mark')).toMatchObject([{}, { input: { changed: 15 } }])
})

test('[N3] marking all as read marks what this screen was told of, not what arrives meanwhile', async () => {
  const { inbox, socket } = await inInbox(two)
  inbox.markAllRead()
  expect(socket.calls('notification.mark-all')).toMatchObject([{ input: { epoch: EPOCH, upTo: 10, set: { read: true } } }])
  expect(inbox.view.get().counts).toEqual({ unread: 0, unseen: 0 })
  socket.tells(change(OWN, [10, 11], { notification: [notification('n3', { since: 11, changed: 11 })], counts: [counts(3, 3, 11)] }))
  expect(ids(inbox, 'unread')).toEqual(['n3'])
  expect(inbox.view.get().counts).toEqual({ unread: 1, unseen: 1 })
})

test('[N3] between the answer and the rows on the stream nothing looks unread again', async () => {
  const { inbox, socket } = await inInbox(two)
  inbox.markAllRead()
  const seen: number[] = []
  inbox.list('unread').subscribe(() => seen.push(ids(inbox, 'unread').length))
  await socket.answers('notification.mark-all', { result: { counts: counts(0, 0, 11) } })
  expect(inbox.view.get().counts.unread).toBe(0)
  socket.tells(change(OWN, [10, 11], { notification: [read('n1', 11), read('n2', 11)], counts: [counts(0, 0, 11)] }))
  expect(new Set(seen)).toEqual(new Set([0]))
  socket.tells(change(OWN, [11, 12], { notification: [notification('n2', { changed: 12, since: 12 })], counts: [counts(4, 0, 12)] }))
  expect(ids(inbox, 'unread')).toEqual(['n2'])
  expect(inbox.view.get().counts.unread).toBe(4)
})

test('[W8] marking all as read dies with its epoch', async () => {
  const { net, inbox, socket } = await inInbox(two)
  socket.breaks()
  inbox.markAllRead()
  await net.clock.passes(500)
  const next = await net.welcomes({ epoch: 'e2' })
  expect(next.calls('notification.mark-all')).toEqual([])
  expect(inbox.view.get().counts.unread).toBe(2)
})

test('seeing all is sent only when something is unseen', async () => {
  const { inbox, socket } = await inInbox(two)
  inbox.markAllSeen()
  inbox.markAllSeen()
  expect(inbox.view.get().counts).toEqual({ unread: 2, unseen: 0 })
  expect(socket.calls('notification.mark-all')).toMatchObject([{ input: { set: { seen: true } } }])
})

test('[W8] marks go one at a time, in the order of storing', async () => {
  const { inbox, socket } = await inInbox(two)
  inbox.mark('n1', { read: true })
  inbox.mark('n1', { read: false })
  expect(socket.calls()).toHaveLength(1)
  await socket.answers('notification.mark', { result: { ...read('n1', 11), counts: counts(1, 1, 11) } })
  expect(socket.calls().at(-1)).toMatchObject({ input: { id: 'n1', read: false } })
})

test('[F6] each list has its own window, and its next page lowers no other', async () => {
  const { inbox, socket } = await inInbox(
    { notification: [notification('n3'), notification('n5')], counts: [counts(9, 9)] },
    { unread: 'n3', all: 'n5' },
  )
  expect([ids(inbox, 'unread'), ids(inbox, 'all')]).toEqual([['n5', 'n3'], ['n5']])
  expect(inbox.list('all').get()).toMatchObject({ more: true, loaded: true })
  const loaded = inbox.loadMore('unread')
  expect(socket.calls('notification.list')).toMatchObject([{ input: { filter: 'unread', cursor: 'n3' } }])
  const result = { items: [notification('n2'), notification('n1')], next: null, counts: counts(4, 4, 9), epoch: EPOCH, seq: 10 }
  await socket.answers('notification.list', { result })
  await loaded
  expect([ids(inbox, 'unread'), ids(inbox, 'all')]).toEqual([['n5', 'n3', 'n2', 'n1'], ['n5']])
  expect(inbox.list('unread').get().more).toBe(false)
  expect(inbox.view.get().counts.unread).toBe(4)
})

test('the archive is loaded when it is asked for, from its newest on', async () => {
  const { inbox, socket } = await inInbox(two)
  const loaded = inbox.loadMore('archived')
  expect(socket.calls('notification.list')[0]!.input).not.toHaveProperty('cursor')
  const items = [read('n0', 3, { archivedAt: 4 })]
  await socket.answers('notification.list', { result: { items, next: 'n0', counts: counts(2, 2), epoch: EPOCH, seq: 10 } })
  await loaded
  expect(inbox.list('archived').get()).toMatchObject({ items: [{ id: 'n0' }], more: true, loaded: true })
})

test('rows that look as before keep their identity', async () => {
  const { inbox, socket } = await inInbox(two)
  const [, first] = inbox.list('all').get().items
  inbox.mark('n2', { read: true })
  const [marked] = inbox.list('all').get().items
  socket.tells(change(OWN, [10, 11], { notification: [notification('n3', { changed: 11 })] }))
  const [, sameMarked, sameFirst] = inbox.list('all').get().items
  expect(sameFirst).toBe(first)
  expect(sameMarked).toBe(marked)
  await turn()
})

test('a later mark of a notification replaces one that was not sent yet, and keeps what that one still says', async () => {
  const stage = await inInbox(two)
  stage.socket.breaks()
  for (const read of [true, false, true]) stage.inbox.mark('n1', { read })
  stage.inbox.mark('n2', { read: false })
  stage.inbox.mark('n2', { archived: true })
  stage.inbox.mark('n2', { archived: false })
  stage.inbox.mark('n1', { archived: true })
  expect(ids(stage.inbox, 'unread')).toEqual([])
  expect(await sentAfterwards(stage)).toEqual([
    { id: 'n2', read: true, archived: false, changed: 1 },
    { id: 'n1', archived: true, changed: 1 },
  ])
})

test('a later mark of all replaces one that was not sent yet, unless that one says more', async () => {
  const stage = await inInbox(two)
  stage.socket.breaks()
  stage.inbox.markAllSeen()
  stage.inbox.markAllRead()
  stage.inbox.markAllRead()
  expect(await sentAfterwards(stage)).toMatchObject([{ set: { read: true } }])
})

test('a deletion replaces the marks that were not sent yet', async () => {
  const stage = await inInbox(two)
  stage.socket.breaks()
  stage.inbox.mark('n1', { read: true })
  stage.inbox.remove('n1')
  expect(await sentAfterwards(stage)).toEqual([{ id: 'n1' }])
})

test('[P4] posts that wait do not keep marks from being stored', async () => {
  const { belfry, inbox, socket } = await inInbox(two)
  socket.breaks()
  for (let n = 0; n < 500; n++) belfry.room('general').post(`message ${n}`)
  inbox.mark('n1', { read: true })
  inbox.markAllSeen()
  expect(inbox.view.get().counts).toEqual({ unread: 1, unseen: 0 })
})

test('[P4] where too many marks wait the next says so, and looking at the list says nothing', async () => {
  const { inbox, socket } = await inInbox(two)
  socket.breaks()
  for (let n = 0; n < 500; n++) inbox.mark(`m${n}`, { read: true })
  expect(() => inbox.mark('n1', { read: true })).toThrow('500 changes are waiting to be sent.')
  inbox.mark('m7', { archived: true })
  inbox.markAllSeen()
  expect(inbox.view.get().counts.unseen).toBe(2)
})

test('[W8] a mark that may have been carried out is not replaced', async () => {
  const stage = await inInbox(two)
  stage.inbox.mark('n1', { read: true })
  stage.inbox.mark('n1', { read: false })
  stage.socket.breaks()
  stage.inbox.mark('n1', { read: false })
  await stage.net.clock.passes(500)
  const next = await stage.net.welcomes()
  expect(next.calls()).toMatchObject([{ input: { id: 'n1', read: true } }])
})

test('looking at the list does not replace that all shall be read', async () => {
  const stage = await inInbox(two)
  stage.inbox.mark('n1', { read: true })
  await stage.socket.answers('notification.mark', { refusal: { code: 'busy', detail: 'Too much to do.', retryAfterMs: 10_000 } })
  stage.inbox.markAllRead()
  stage.socket.tells(change(OWN, [10, 11], { notification: [notification('n3', { since: 11, changed: 11 })], counts: [counts(3, 3, 11)] }))
  stage.inbox.markAllSeen()
  stage.socket.breaks()
  expect(await sentAfterwards(stage)).toMatchObject([{ id: 'n1' }, { upTo: 10, set: { read: true } }, { upTo: 11, set: { seen: true } }])
})
