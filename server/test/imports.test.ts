import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import type { History, HistoryReport, NewAccount, PastMessage, PastNotification, Outsider } from '#imports/history.ts'
import { planHistory, reportOf } from '#imports/plan-history.ts'
import { contentsOf } from '#accounts/facts.ts'
import { signIn } from '#accounts/sign-in.ts'
import { listRooms } from '#chat/rooms.ts'
import { searchUsers } from '#accounts/accounts.ts'
import { settles, until } from './settle.ts'
import { type Person, refusal, World } from './world.ts'

const GENERAL = { id: 'general', name: 'General' }
const UBUNTU = { id: 'ubuntu-room', name: 'ubuntu' }
const LONG_AGO = Date.UTC(2011, 3, 28, 6, 24)

test('people, messages and notifications arrive as they were', async () => {
  await using world = await World.open()
  const report = await brings(world, {
    accounts: [account('prachi', { name: 'Prachi S', role: 'admin', passwordHash: 'hers' }), account('aman', { isDisabled: true })],
    messages: [message('prachi', 'hello'), message('aman', 'hi')],
    notifications: [notification('prachi', { isRead: true }), notification('prachi'), notification('aman')],
  })
  expect(report).toEqual({
    room: { ...GENERAL, isNew: false, postedBefore: 0 },
    accounts: { stored: 2, there: 0 },
    outsiders: { stored: 0, there: 0 },
    messages: { stored: 2, there: 0 },
    notifications: { stored: 3, there: 0 },
    readSince: 0,
    kept: [],
    withoutPassword: ['aman'],
    numbered: [],
  })
  const [prachi, aman] = await world.table('users')
  expect(prachi).toMatchObject({ username: 'prachi', name: 'Prachi S', role: 'admin', createdAt: LONG_AGO, disabledAt: null })
  expect(aman).toMatchObject({ username: 'aman', role: 'member', disabledAt: world.clock.now() })
  expect(await world.table('passwords')).toEqual([{ userId: prachi!.id, hash: 'hers' }])
  expect((await world.table('members')).map(({ id, roomId }) => ({ id, roomId }))).toEqual([
    { id: prachi!.id, roomId: 'general' },
    { id: aman!.id, roomId: 'general' },
  ])
  expect(await world.table('messages')).toMatchObject([
    { n: 1, body: 'hello', authorId: prachi!.id, createdAt: LONG_AGO, editedAt: null },
    { n: 2, body: 'hi', authorId: aman!.id },
  ])
})

test('[N3] notifications keep their read state, and the counts are exact', async () => {
  await using world = await World.open()
  const prachi = await world.person('prachi')
  await world.notifies('prachi')
  const before = await world.seqOf(prachi.topic)
  await brings(world, {
    accounts: [account('prachi'), account('aman')],
    notifications: [notification('prachi', { isRead: true }), notification('prachi'), notification('prachi'), notification('aman')],
  })
  const counts = await world.table('counts')
  expect(counts.find(({ userId }) => userId === prachi.id)).toMatchObject({ unread: 3, unseen: 3 })
  expect(counts.find(({ userId }) => userId !== prachi.id)).toMatchObject({ unread: 1, unseen: 1 })
  const past = (await world.table('notifications')).filter(({ createdAt }) => createdAt === LONG_AGO)
  expect(past.map(({ readAt, seenAt }) => ({ readAt, seenAt }))).toContainEqual({ readAt: LONG_AGO, seenAt: LONG_AGO })
  expect(past.filter(({ readAt }) => readAt === null)).toHaveLength(3)
  expect((await prachi.marksAllRead(before)).counts).toMatchObject({ unread: 2, unseen: 2 })
  const { counts: after } = await prachi.marksAllRead(await world.seqOf(prachi.topic))
  expect(after).toMatchObject({ unread: 0, unseen: 0 })
})

test('[N3] what was read at the source since becomes read here, on open pages too, with exact counts; nothing becomes unread', async () => {
  await using world = await World.open()
  const prachi = await world.person('prachi')
  const [one, two, read, seen] = [notification('prachi'), notification('prachi'), notification('prachi'), notification('prachi')]
  const history = { room: UBUNTU, accounts: [account('prachi')], notifications: [one, two, read, seen] }
  await brings(world, history)
  await prachi.does('notification.mark', { id: read.id, read: true })
  await prachi.does('notification.mark', { id: seen.id, seen: true })
  const screen = await prachi.opens(world.opensNode(), [[prachi.topic]])
  const since = { ...history, notifications: [{ ...one, isRead: true }, two, read, { ...seen, isRead: true }] }
  const planned = await world.store.read(async (db) => reportOf(historyOf(since), await planHistory(db, historyOf(since))))
  expect(planned).toMatchObject({ readSince: 2, notifications: { stored: 0, there: 4 } })
  expect(await brings(world, since)).toEqual(planned)
  const isRead = ['readAt', 'seenAt'].map((at) => [at, LONG_AGO])
  for (const { id } of [one, seen])
    expect((await world.table('notifications')).find((row) => row.id === id)).toMatchObject(Object.fromEntries(isRead))
  expect((await world.table('notifications')).filter(({ readAt }) => readAt === null).map(({ id }) => id)).toEqual([two.id])
  expect(await world.table('counts')).toMatchObject([{ unread: 1, unseen: 1 }])
  await until(() => screen.rows(prachi.topic, 'counts')[0]?.unread === 1)
  expect(screen.rows(prachi.topic, 'notification').filter(({ readAt }) => readAt === null)).toMatchObject([{ id: two.id }])
  const before = await everything(world)
  expect(await brings(world, since)).toMatchObject({ readSince: 0 })
  expect(await everything(world)).toEqual(before)
})

test('[N3] what was brought as read and made unread here stays unread; what was deleted here stays deleted', async () => {
  await using world = await World.open()
  const prachi = await world.person('prachi')
  const [unread, deleted] = [notification('prachi', { isRead: true }), notification('prachi')]
  const history = { accounts: [account('prachi')], notifications: [unread, deleted] }
  await brings(world, history)
  await prachi.does('notification.mark', { id: unread.id, read: false })
  await prachi.does('notification.delete', { id: deleted.id })
  const before = await everything(world)
  const again = await brings(world, { ...history, notifications: [unread, { ...deleted, isRead: true }] })
  expect(again).toMatchObject({ readSince: 0, notifications: { stored: 0, there: 2 } })
  expect(await everything(world)).toEqual(before)
})

test('of what is here no later part comes alone', async () => {
  await using world = await World.open()
  const [one, other] = [message('prachi', 'one'), message('prachi', 'other')]
  const parts = (first: PastMessage) => [first, { ...message('prachi', `${first.body}, edited to be longer`), first: first.id }]
  await brings(world, { accounts: [account('prachi')], messages: [one] })
  const longer = { accounts: [account('prachi')], messages: [...parts(one), ...parts(other)] }
  expect((await brings(world, longer)).messages).toEqual({ stored: 2, there: 2 })
  expect((await world.table('messages')).map(({ body }) => body)).toEqual(['one', 'other', 'other, edited to be longer'])
})

test('[W4] [W1] brought again, nothing is doubled, no seq is spent, and nothing told', async () => {
  await using world = await World.open()
  const history = {
    room: UBUNTU,
    accounts: [account('prachi')],
    outsiders: [outsider('crimsun')],
    messages: [message('prachi', 'one'), message('crimsun', 'two')],
    notifications: [notification('prachi')],
  }
  await brings(world, history)
  const before = await everything(world)
  const told = world.announced.length
  const again = await brings(world, history)
  expect(await everything(world)).toEqual(before)
  expect(world.announced).toHaveLength(told)
  expect(again).toMatchObject({
    room: { isNew: false, postedBefore: 2 },
    accounts: { stored: 0, there: 1 },
    outsiders: { stored: 0, there: 1 },
    messages: { stored: 0, there: 2 },
    notifications: { stored: 0, there: 1 },
    kept: ['prachi'],
  })
  const more = await brings(world, { ...history, messages: [...history.messages, message('crimsun', 'three')] })
  expect(more.messages).toEqual({ stored: 1, there: 2 })
  expect((await world.table('messages')).map(({ n, body }) => [n, body])).toEqual([
    [1, 'one'],
    [2, 'two'],
    [3, 'three'],
  ])
})

test('what was edited or deleted here stays so when it is brought again', async () => {
  await using world = await World.open()
  const alice = await world.person('alice')
  const history = { accounts: [account('alice')], messages: [message('alice', 'one'), message('alice', 'two')] }
  await brings(world, history)
  const [one, two] = await world.table('messages')
  await alice.edits(one!, 'better')
  await alice.deletes(two!)
  expect((await brings(world, history)).messages).toEqual({ stored: 0, there: 2 })
  expect((await world.table('messages')).map(({ body }) => body)).toEqual(['better', ''])
})

test('an account that is there is that person, and is left as it is', async () => {
  await using world = await World.open()
  const alice = await world.person('alice')
  const before = await world.table('users')
  const { kept } = await brings(world, {
    accounts: [account('Alice', { role: 'admin', passwordHash: 'another', isDisabled: true })],
    messages: [message('Alice', 'mine')],
  })
  expect(kept).toEqual(['Alice'])
  expect(await world.table('users')).toEqual(before)
  expect(await world.table('passwords')).toEqual([{ userId: alice.id, hash: 'none' }])
  expect(await world.table('messages')).toMatchObject([{ authorId: alice.id }])
})

test('an account that was renamed here since is found again', async () => {
  await using world = await World.open()
  const history = { accounts: [account('prachi')], messages: [message('prachi', 'one')] }
  await brings(world, history)
  const { id } = (await world.table('users'))[0]!
  await world.operates('user.update', { id, username: 'prachi-s' })
  await world.person('prachi')
  const again = await brings(world, { ...history, messages: [message('prachi', 'two')] })
  expect(again).toMatchObject({ accounts: { stored: 0, there: 1 }, messages: { stored: 1 } })
  expect((await world.table('messages')).map(({ authorId }) => authorId)).toEqual([id, id])
})

test('whoever has at the source the name that another of them has here is somebody else, under a number', async () => {
  await using world = await World.open()
  await brings(world, { accounts: [account('prachi')], notifications: [notification('prachi')] })
  const [prachi] = await world.table('users')
  await world.operates('user.update', { id: prachi!.id, username: 'aman' })
  await world.person('Aman-2')
  const history = { accounts: [account('prachi'), account('aman'), account('aman-3')], notifications: [notification('aman')] }
  const { numbered, accounts } = await brings(world, history)
  expect({ numbered, accounts }).toEqual({ numbered: [{ username: 'aman', here: 'aman-4' }], accounts: { stored: 2, there: 1 } })
  const newcomer = (await world.table('users')).find(({ username }) => username === 'aman-4')!
  expect((await world.table('notifications')).map(({ userId }) => userId)).toEqual([prachi!.id, newcomer.id])
  expect(await brings(world, history)).toMatchObject({ numbered: [], accounts: { stored: 0, there: 3 }, notifications: { stored: 0 } })
})

test('a name that passed to somebody else at the source finds the one who comes, not the one who had it', async () => {
  await using world = await World.open()
  const first = account('prachi')
  await brings(world, { accounts: [first] })
  const renamed = { ...first, key: '1', username: 'prachi-s' }
  const newcomer = { ...account('prachi'), key: '2', id: idOf('account', 'another') }
  const report = await brings(world, { accounts: [renamed, newcomer], messages: [message('2', 'I am new')] })
  expect(report).toMatchObject({ kept: ['prachi-s'], numbered: [{ username: 'prachi', here: 'prachi-2' }] })
  expect(await world.table('messages')).toMatchObject([{ authorId: newcomer.id }])
})

test('older messages go behind what the room holds: numbers never change', async () => {
  await using world = await World.open()
  const alice = await world.person('alice')
  await alice.posts('first', 'second')
  const { room } = await brings(world, { accounts: [account('aman')], messages: [message('aman', 'long ago')] })
  expect(room.postedBefore).toBe(2)
  await alice.post('after')
  const numbered = (await world.table('messages')).toSorted((a, b) => a.n - b.n).map(({ n, body }) => [n, body])
  expect(numbered).toEqual([
    [1, 'first'],
    [2, 'second'],
    [3, 'long ago'],
    [4, 'after'],
  ])
})

test('[W2] what fails in the middle leaves nothing behind', async () => {
  await using world = await World.open()
  await world.person('alice')
  const before = await everything(world)
  const broken = {
    room: UBUNTU,
    accounts: [account('prachi')],
    messages: [message('prachi', 'one'), { ...message('prachi', 'two'), author: 'nobody' }],
  }
  expect(await refusal(brings(world, broken))).toBe('internal')
  expect(await everything(world)).toEqual(before)
  expect(world.announced.some(({ topic }) => topic === 'room:ubuntu-room')).toBe(false)
})

test('[A1] only the operator brings a history', async () => {
  await using world = await World.open()
  const alice = await world.person('alice')
  expect(await refusal(alice.does('history.store', historyOf({})))).toBe('forbidden')
})

test('a new room is open to all who have an account, and whoever left it is not brought back', async () => {
  await using world = await World.open()
  const [alice, bob] = await world.people('alice', 'bob')
  const history = { room: UBUNTU, accounts: [account('prachi'), account('bob')], outsiders: [outsider('crimsun')] }
  await brings(world, history)
  expect(await world.table('rooms')).toContainEqual(expect.objectContaining({ ...UBUNTU, kind: 'open' }))
  const crimsun = (await world.table('users')).find(({ importedFrom }) => importedFrom)!
  const members = async () => (await world.table('members')).filter((row) => row.roomId === UBUNTU.id && row.endedAt === null)
  expect((await members()).map(({ id }) => id)).toEqual(expect.arrayContaining([alice.id, bob.id]))
  expect(await members()).toHaveLength(3)
  await alice.post('hello there', { roomId: UBUNTU.id })
  await world.operates('test.member', { roomId: UBUNTU.id, userId: bob.id, is: 'out' })
  await brings(world, history)
  expect((await members()).map(({ id }) => id)).not.toContain(bob.id)
  expect((await world.table('members')).map(({ id }) => id)).not.toContain(crimsun.id)
})

test('[A1] guests, and whoever is disabled, are brought into no new room, named by the source or not', async () => {
  await using world = await World.open()
  const [alice, bob] = await world.people('alice', 'bob')
  await world.person('carol', 'guest')
  await world.disables(bob)
  const prachi = await world.person('prachi', 'guest')
  await brings(world, { room: UBUNTU, accounts: [account('prachi'), account('bob'), account('aman')], messages: [message('aman', 'one')] })
  const aman = (await world.table('users')).find(({ username }) => username === 'aman')!
  const inUbuntu = (await world.table('members')).filter(({ roomId }) => roomId === UBUNTU.id).map(({ id }) => id)
  expect(inUbuntu.toSorted()).toEqual([alice.id, aman.id].toSorted())
  expect(await world.store.read((db) => listRooms(db, prachi))).toMatchObject({ items: [] })
})

test('[N5] whoever had read all has read what comes behind it; what was unread stays so, and the counts are exact', async () => {
  await using world = await World.open()
  const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
  await alice.posts('first', 'second')
  await bob.does('room.read', { roomId: 'general', readTo: 2 })
  await bob.does('place.update', { roomId: 'general', notify: 'everything' })
  expect(await unread(world, [alice, bob, carol])).toEqual([0, 0, 2])
  const screen = await bob.opens(world.opensNode(), [[bob.topic]])
  const history = { accounts: [account('aman')], messages: [message('aman', 'one'), message('aman', 'two'), message('aman', 'three')] }
  await brings(world, history)
  expect(await unread(world, [alice, bob, carol])).toEqual([0, 0, 5])
  await until(() => screen.rows(bob.topic, 'place').some(({ readTo, notify }) => readTo === 5 && notify === 'everything'))
  await carol.post('after')
  expect(await unread(world, [alice, bob, carol])).toEqual([1, 1, 5])
  const before = await world.table('topics')
  await brings(world, history)
  expect(await world.table('topics')).toEqual(before)
  expect(await unread(world, [alice, bob, carol])).toEqual([1, 1, 5])
})

test('a room that somebody else made at the same moment is not made twice', async () => {
  await using world = await World.open()
  await brings(world, { room: UBUNTU })
  expect(await refusal(brings(world, { room: { id: 'another', name: 'Ubuntu' } }))).toBe('conflict')
})

test('people of elsewhere have no way in: no sign-in, no password, no notification, no place in a list', async () => {
  await using world = await World.open()
  await world.operates('invite.first', { secret: 'first' })
  await brings(world, { outsiders: [outsider('crimsun'), outsider('Crimsun')], messages: [message('crimsun', 'hello')] })
  expect(await world.operates('invite.first', { secret: 'again' })).toBe(true)

  const [crimsun, Crimsun] = await world.table('users')
  expect(crimsun).toMatchObject({ username: 'crimsun', importedFrom: 'irc', role: 'member' })
  expect(Crimsun).toMatchObject({ username: 'Crimsun', importedFrom: 'irc' })
  expect([await world.table('passwords'), await world.table('members'), await world.table('counts')]).toEqual([[], [], []])
  for (const username of ['crimsun', 'irc:crimsun', 'IRC:crimsun', crimsun!.id]) {
    expect(await refusal(signIn(world.store, { username, password: 'correct horse', device: 'x' }))).toBe('wrong-credentials')
    expect(await refusal(world.notifies(username))).toBe('unknown-recipient')
  }
  for (const name of ['user.set-password', 'user.update']) {
    expect(await refusal(world.operates(name, { id: crimsun!.id, passwordHash: 'hash', username: 'alice' }))).toBe('not-found')
  }
  await world.operates('test.gives-password', { userId: crimsun!.id, hash: 'hash' })
  const session = { userId: crimsun!.id, passwordHash: 'hash', tokenHash: 'x', device: 'x' }
  expect(await world.store.read(contentsOf)).toEqual({ users: 0, messages: 1 })
  const accounts = await world.store.read((db) => searchUsers(db, { input: { state: 'active' }, now: world.clock.now() }))
  expect(accounts.items).toEqual([])
  expect(await refusal(world.operates('session.start', session))).toBe('wrong-credentials')
  const own = await world.person('crimsun')
  expect(own.id).not.toBe(crimsun!.id)
})

test('the workspace begins with those who have an account, however many were brought', async () => {
  await using world = await World.open()
  const [alice, bob] = await world.people('alice', 'bob')
  await brings(world, { outsiders: Array.from({ length: 6_000 }, (_, at) => outsider(`nick-${at}`)) })
  const screen = await alice.opens(world.opensNode(), [['workspace']])
  expect(screen.rows('workspace', 'user').map(({ id }) => id)).toEqual(expect.arrayContaining([alice.id, bob.id]))
  expect(screen.rows('workspace', 'user')).toHaveLength(2)
  const nick = (await world.table('users')).find(({ username }) => username === 'nick-5999')!
  const { result } = await screen.calls('user.list', { ids: [nick.id] })
  expect(result).toMatchObject({ items: [{ username: 'nick-5999', importedFrom: 'irc' }] })
})

test('[F4] [F3] brought by another process while people follow, everybody holds the right rows afterwards', async () => {
  await using world = await World.open()
  const [alice, bob] = await world.people('alice', 'bob')
  const screen = await bob.opens(world.opensNode(), [['room:general'], ['workspace'], [bob.topic]])
  await alice.posts('before')
  await using beside = await World.open({ folder: world.folder })
  await brings(beside, {
    accounts: [account('bob')],
    outsiders: Array.from({ length: 5_500 }, (_, at) => outsider(`nick-${at}`)),
    messages: Array.from({ length: 5_500 }, (_, at) => message(`nick-${at}`, `message ${at}`)),
    notifications: [notification('bob')],
  })
  await until(() => screen.rows(bob.topic, 'notification').length === 1)
  await until(() => screen.bodies('room:general').includes('message 5499'))
  await alice.posts('after')
  await settles()
  expect(screen.bodies('room:general').slice(-2)).toEqual(['message 5499', 'after'])
  expect(screen.position('room:general')?.seq).toBe(await world.seqOf('room:general'))
  expect(screen.position('workspace')?.seq).toBe(await world.seqOf('workspace'))
  expect(screen.rows('workspace', 'user')).toHaveLength(2)
  expect(screen.rows(bob.topic, 'counts')).toMatchObject([{ unread: 1 }])
  expect(screen.gaps).toEqual([])
})

test('a plan says what would be stored, and stores nothing', async () => {
  await using world = await World.open()
  await world.person('alice')
  const history = historyOf({ room: UBUNTU, accounts: [account('alice'), account('aman')], messages: [message('aman', 'one')] })
  const before = await everything(world)
  const planned = await world.store.read(async (db) => reportOf(history, await planHistory(db, history)))
  expect(await everything(world)).toEqual(before)
  expect(planned).toEqual(await brings(world, history))
})

/** How many messages are unread in General, for each of them. */
async function unread(world: World, people: Person[]): Promise<(number | undefined)[]> {
  const lists = await Promise.all(people.map((person) => world.store.read((db) => listRooms(db, person))))
  return lists.map(({ items }) => items.find(({ id }) => id === 'general')?.unread)
}

function brings(world: World, some: Partial<History>): Promise<HistoryReport> {
  return world.operates<HistoryReport>('history.store', historyOf(some))
}

function historyOf(some: Partial<History>): History {
  return { room: GENERAL, accounts: [], outsiders: [], messages: [], notifications: [], ...some }
}

function account(username: string, more: Partial<NewAccount> = {}): NewAccount {
  const profile = { username, name: username, role: 'member' as const, createdAt: LONG_AGO }
  return { key: username, id: idOf('account', username), ...profile, passwordHash: null, isDisabled: false, ...more }
}

function outsider(username: string): Outsider {
  return { key: username, username, name: username, createdAt: LONG_AGO, from: 'irc' }
}

function message(author: string, body: string): PastMessage {
  return { id: idOf(author, body), author, body, createdAt: LONG_AGO }
}

let notified = 0
function notification(to: string, more: Partial<PastNotification> = {}): PastNotification {
  return { id: idOf(to, String(notified++)), to, title: 'Your export is ready', body: null, isRead: false, createdAt: LONG_AGO, ...more }
}

function idOf(...parts: string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 32)
}

async function everything(world: World): Promise<unknown> {
  const tables = ['topics', 'users', 'passwords', 'rooms', 'members', 'messages', 'notifications', 'counts'] as const
  const rows = []
  for (const table of tables) rows.push([table, await world.table(table)])
  return rows
}
