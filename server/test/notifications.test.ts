import type { Parsed } from '@belfry/protocol/commands.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { marked } from '#notifications/inbox.ts'
import { publishNotification } from '#notifications/publish-notification.ts'
import { recipients } from '#notifications/recipients.ts'
import type { WriteFunction } from '#store/batch.ts'
import { settles } from './settle.ts'
import { testWrites } from './test-writes.ts'
import { type Person, refusal, World } from './world.ts'

async function inboxOf(world: World, person: Person) {
  const rows = await world.table('notifications')
  return rows.filter((row) => row.userId === person.id)
}

async function countsOf(world: World, person: Person) {
  const row = (await world.table('counts')).find(({ userId }) => userId === person.id)!
  return { unread: row.unread, unseen: row.unseen }
}

test('[N1] a notification is stored for everybody who is named, and rings each of them live', async () => {
  await using world = await World.open()
  const [prachi, aman, bob] = await world.people('prachi', 'aman', 'bob')
  const node = world.opensNode()
  const screens = [await prachi.opens(node), await aman.opens(node), await bob.opens(node)]
  const { items, suppressed } = await world.notifies(['PRACHI', aman.id], { body: 'main is red', url: '/builds/7', priority: 'high' })
  await settles()
  expect(items.map(({ to, duplicate }) => ({ to, duplicate }))).toEqual([
    { to: 'PRACHI', duplicate: false },
    { to: aman.id, duplicate: false },
  ])
  expect(suppressed).toEqual([])
  expect(screens.map((screen, at) => screen.rows([prachi, aman, bob][at]!.topic, 'notification').map(({ title }) => title))).toEqual([
    ['Build failed'],
    ['Build failed'],
    [],
  ])
  expect(screens[0]!.rows(prachi.topic, 'counts')).toMatchObject([{ unread: 1, unseen: 1 }])
})

test('[N1] an unknown or disabled recipient refuses the whole call and is named; nobody is notified', async () => {
  await using world = await World.open()
  const [prachi, aman] = await world.people('prachi', 'aman')
  await world.disables(aman)
  const refused = await world.notifies(['prachi', 'aman', 'nobody']).catch((error: Error & { body: object }) => error.body)
  expect(refused).toMatchObject({ code: 'unknown-recipient', errors: [{ at: 'aman' }, { at: 'nobody' }] })
  expect(await inboxOf(world, prachi)).toEqual([])
  expect(await countsOf(world, prachi)).toEqual({ unread: 0, unseen: 0 })
})

test('[N1] whoever is named twice, by id and by name, gets one', async () => {
  await using world = await World.open()
  const [prachi] = await world.people('prachi')
  const { items } = await world.notifies([prachi.id, 'prachi'])
  expect(items[0]!.id).toBe(items[1]!.id)
  expect(items.map(({ duplicate }) => duplicate)).toEqual([false, true])
  expect(await inboxOf(world, prachi)).toHaveLength(1)
})

test('[W7] [A1] who stops being an administrator while a publish waits for its locks rings nobody', async () => {
  const locked: string[][] = []
  const publish: WriteFunction<Parsed<'notification.publish'>, unknown> = (tx, write) => {
    tx.lock = async (...topics) => {
      locked.push(topics)
      await tx.db.updateTable('users').set({ role: 'member' }).execute()
    }
    return publishNotification(tx, write)
  }
  await using world = await World.open({ writes: { ...testWrites, 'test.publish': { one: publish } } })
  const [alice, prachi] = [await world.person('alice', 'admin'), await world.person('prachi')]
  expect(await refusal(alice.does('test.publish', { to: ['prachi', 'whoever'], title: 'Build failed' }))).toBe('forbidden')
  expect(locked).toEqual([[alice.topic, 'workspace', prachi.topic]])
  expect(await inboxOf(world, prachi)).toEqual([])
})

test('[N1] matching names with accounts: ids, folded names, in the order given', () => {
  const alice = { id: 'a1', username: 'Alice', disabledAt: null } as never
  const gone = { id: 'b2', username: 'bob', disabledAt: 5 } as never
  const fold = (name: string) => name.toLowerCase()
  expect(recipients(['ALICE', 'a1', 'bob', 'b2', 'x'], [alice, gone], fold)).toEqual({
    found: [
      { to: 'ALICE', userId: 'a1' },
      { to: 'a1', userId: 'a1' },
    ],
    unknown: ['bob', 'b2', 'x'],
  })
})

test('[N2] the same key is the same notification for that person, which does not ring again, also after it was deleted', async () => {
  await using world = await World.open()
  const [prachi, aman] = await world.people('prachi', 'aman')
  const [first] = (await world.notifies('prachi', { key: 'build-7' })).items
  const announced = world.announced.length
  expect((await world.notifies('prachi', { key: 'build-7', title: 'again' })).items).toEqual([{ ...first, duplicate: true }])
  await prachi.does('notification.delete', { id: first!.id })
  expect((await world.notifies('prachi', { key: 'build-7' })).items[0]).toMatchObject({ id: first!.id, duplicate: true })
  expect(world.announced).toHaveLength(announced + 1)
  const both = await world.notifies(['prachi', 'aman'], { key: 'build-7' })
  expect(both.items.map(({ duplicate }) => duplicate)).toEqual([true, false])
  expect(await inboxOf(world, aman)).toHaveLength(1)
})

test('[N3] read on one screen is read on all; archived implies read, read implies seen', async () => {
  await using world = await World.open()
  const prachi = await world.person('prachi')
  const node = world.opensNode()
  const other = prachi.onAnotherDevice(await world.signsIn(prachi.id))
  const screens = [await prachi.opens(node), await other.opens(node)]
  const { items } = await world.notifies('prachi')
  await prachi.marks(items[0]!.id, { archived: true })
  await settles()
  for (const screen of screens) {
    const now = world.clock.now()
    expect(screen.rows(prachi.topic, 'notification')).toMatchObject([{ seenAt: now, readAt: now, archivedAt: now }])
    expect(screen.rows(prachi.topic, 'counts')).toMatchObject([{ unread: 0, unseen: 0 }])
  }
})

test('[N3] mark-all is a watermark: what rang since stays unread, what was made unread since too', async () => {
  await using world = await World.open()
  const prachi = await world.person('prachi')
  const first = (await world.notifies('prachi', { title: 'first' })).items[0]!.id
  const second = (await world.notifies('prachi', { title: 'second' })).items[0]!.id
  await prachi.marks(first, { read: true })
  const seen = await world.seqOf(prachi.topic)
  await prachi.marks(first, { read: false })
  await world.notifies('prachi', { title: 'third' })
  await prachi.marks(second, { seen: true })
  const { counts } = await prachi.marksAllRead(seen)
  expect(counts).toMatchObject({ unread: 2 })
  const unread = (await inboxOf(world, prachi)).filter(({ readAt }) => readAt === null).map(({ title }) => title)
  expect(unread).toEqual(['first', 'third'])
  expect(await refusal(prachi.marksAllRead(seen, 'another epoch'))).toBe('epoch-changed')
})

test('[W3] a mark that says what it saw, and comes late, undoes nothing that was marked since; what is so already is not stale', async () => {
  await using world = await World.open()
  const prachi = await world.person('prachi')
  const id = (await world.notifies('prachi')).items[0]!.id
  const { changed } = (await inboxOf(world, prachi))[0]!
  const reads = { read: true, changed }
  const read = await prachi.marks(id, reads)
  expect(await prachi.marks(id, reads)).toMatchObject({ changed: read.changed })
  const unread = await prachi.marks(id, { read: false, changed: read.changed })
  const late = await prachi.marks(id, reads).catch((error: Error & { body: object }) => error.body)
  expect(late).toMatchObject({ code: 'stale', row: { id, changed: unread.changed, readAt: null } })
  expect(await countsOf(world, prachi)).toEqual({ unread: 1, unseen: 0 })
  expect(await refusal(prachi.marks(id, { archived: true }))).toBe('done')
})

test('[N3] the first time of each mark stays; marking what is so already changes nothing', () => {
  const row = { seenAt: null, readAt: null, archivedAt: null } as Parameters<typeof marked>[0]
  expect(marked(row, { seen: true }, 5)).toMatchObject({ seenAt: 5, readAt: null, archivedAt: null })
  expect(marked(row, { read: true }, 5)).toMatchObject({ seenAt: 5, readAt: 5 })
  expect(marked({ ...row, seenAt: 3 }, { read: true }, 5)).toMatchObject({ seenAt: 3, readAt: 5 })
  expect(marked({ ...row, seenAt: 3, readAt: 4 }, { archived: true }, 5)).toMatchObject({ seenAt: 3, readAt: 4, archivedAt: 5 })
  expect(marked({ ...row, seenAt: 3, readAt: 4, archivedAt: 4 }, { archived: false }, 5)).toMatchObject({ readAt: 4, archivedAt: null })
  expect(marked({ ...row, seenAt: 3, readAt: 4 }, { read: false }, 5)).toMatchObject({ seenAt: 3, readAt: null })
})

test('[N3] whatever is done, in whatever batches, the counts equal a recount', async () => {
  await using world = await World.open()
  const [prachi, aman] = await world.people('prachi', 'aman')
  const step = fc.record({
    does: fc.constantFrom('ring', 'ring', 'key', 'read', 'unread', 'seen', 'archive', 'return', 'delete', 'all-read', 'all-seen'),
    at: fc.nat(30),
    together: fc.boolean(),
  })
  let ids: string[] = []
  const act = async ({ does, at }: { does: string; at: number }): Promise<unknown> => {
    const id = ids[at % Math.max(1, ids.length)] ?? 'none'
    const { epoch } = world.store
    const upTo = Math.max(0, (await world.seqOf(prachi.topic)) - (at % 3))
    switch (does) {
      case 'ring':
        return world.notifies(['prachi', 'aman']).then(({ items }) => (ids = [...ids, items[0]!.id]))
      case 'key':
        return world.notifies('prachi', { key: `key ${at % 4}` }).then(({ items }) => (ids = [...ids, items[0]!.id]))
      case 'delete':
        return prachi.does('notification.delete', { id })
      case 'all-read':
        return prachi.marksAllRead(upTo)
      case 'all-seen':
        return prachi.does('notification.mark-all', { epoch, upTo, set: { seen: true } })
      default:
        return prachi.marks(
          id,
          {
            read: { read: true },
            unread: { read: false },
            seen: { seen: true as const },
            archive: { archived: true },
            return: { archived: false },
          }[does]!,
        )
    }
  }
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
      const open: Promise<unknown>[] = []
      for (const one of steps) {
        open.push(act(one).catch(() => null))
        if (!one.together) await Promise.all(open)
      }
      await Promise.all(open)
      for (const person of [prachi, aman]) {
        const standing = (await inboxOf(world, person)).filter((row) => row.deletedAt === null && row.archivedAt === null)
        const recount = {
          unread: standing.filter((row) => row.readAt === null).length,
          unseen: standing.filter((row) => row.seenAt === null).length,
        }
        expect(await countsOf(world, person)).toEqual(recount)
      }
    }),
    { numRuns: 25, seed: 20_260_602 },
  )
})

test('[A3] somebody else’s notification is not found, whatever is asked', async () => {
  await using world = await World.open()
  const [, bob] = await world.people('prachi', 'bob')
  const { items } = await world.notifies('prachi')
  expect(await refusal(bob.marks(items[0]!.id, { read: true }))).toBe('not-found')
  expect(await refusal(bob.does('notification.delete', { id: items[0]!.id }))).toBe('not-found')
  expect(await refusal(bob.marks('nothing', { read: true }))).toBe('not-found')
})

test('only a program with a standing key, an administrator or the operator publishes', async () => {
  await using world = await World.open()
  const [prachi] = await world.people('prachi')
  const input = { to: 'prachi', title: 'x' }
  expect(await refusal(prachi.does('notification.publish', input))).toBe('forbidden')
  expect(await refusal((await world.person('alice', 'admin')).does('notification.publish', input))).toBe('done')
  const key = await world.operates<{ id: string }>('key.create', { name: 'ci', scopes: ['notify'] })
  const publish = () => refusal(world.store.write({ name: 'notification.publish', input, actor: { is: 'program', keyId: key.id } }))
  expect(await publish()).toBe('done')
  await world.operates('key.revoke', { id: key.id })
  expect(await publish()).toBe('unauthenticated')
})

test('nobody else receives a byte of a notification, on any path of the socket', async () => {
  await using world = await World.open()
  const [prachi, bob] = await world.people('prachi', 'bob')
  const node = world.opensNode()
  const before = await world.notifies('prachi', { title: 'SECRET-TITLE-1', body: 'SECRET-BODY', key: 'SECRET-KEY' })
  const screen = await bob.opens(node, [['room:general'], ['workspace'], [bob.topic], [prachi.topic], [prachi.topic, world.store.epoch, 0]])
  const hers = await prachi.opens(node)
  await screen.follows(prachi.topic)
  await screen.follows(prachi.topic, { epoch: world.store.epoch, seq: 1 })
  const { items } = await world.notifies('prachi', { title: 'SECRET-TITLE-2' })
  await prachi.marks(items[0]!.id, { read: true })
  const { id } = before.items[0]!
  const asks: [string, object][] = [
    ['notification.list', {}],
    ['notification.list', { filter: 'archived', cursor: id }],
    ['notification.mark', { id, read: true }],
    ['notification.delete', { id }],
    ['notification.mark-all', { epoch: world.store.epoch, upTo: 100, set: { read: true } }],
    ['notification.publish', { to: 'prachi', title: 'x', key: 'SECRET' }],
    ['user.list', { ids: [prachi.id] }],
    ['message.list', { roomId: 'general' }],
    ['message.list', { roomId: prachi.id }],
    ['room.list', {}],
    ['me.get', {}],
  ]
  for (const [name, input] of asks) await screen.calls(name, input)
  await node.realtime.feeds.sweep()
  await settles()
  const seen = JSON.stringify(screen.frames)
  expect(seen).not.toContain('SECRET-')
  expect(seen).not.toContain(items[0]!.id)
  expect(screen.told('snapshot', prachi.topic)).toEqual([])
  expect(screen.told('change', prachi.topic)).toEqual([])
  expect(JSON.stringify(hers.frames)).toContain('SECRET-TITLE-2')
})
