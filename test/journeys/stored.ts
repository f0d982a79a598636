import { createHash, randomBytes } from 'node:crypto'
import type { Input } from '@belfry/protocol/commands.ts'
import type { User } from '@belfry/protocol/rows.ts'
import { GENERAL_ROOM } from '@belfry/protocol/topics.ts'
import { hashPassword } from '@belfry/server/accounts/passwords.ts'
import { writes } from '@belfry/server/commands.ts'
import type { History, NewAccount } from '@belfry/server/imports/history.ts'
import { openStore, type Store } from '@belfry/server/store/store.ts'

export const PASSWORD = 'correct horse battery'

/** Hashing is slow on purpose: once for all accounts of a process. */
const passwordHash = hashPassword(PASSWORD)

export interface Said {
  by: string
  body: string
  /** Epoch milliseconds. */
  at: number
}

/** Makes accounts, as `belfry user create` does. `names`: by user name. */
export async function storeAccounts(folder: string, names: Record<string, string>, administrators: readonly string[] = []): Promise<void> {
  await onStore(folder, Date.now, async (store) => {
    for (const [username, name] of Object.entries(names)) {
      const role: User['role'] = administrators.includes(username) ? 'admin' : 'member'
      const input = { username, name, role, passwordHash: await passwordHash }
      await store.write({ name: 'user.create', input, actor: { is: 'operator' } })
    }
  })
}

/** Rings somebody's bell, as `belfry notify` does. */
export async function storeNotification(folder: string, notification: Input<'notification.publish'>, at = Date.now()): Promise<void> {
  await onStore(
    folder,
    () => at,
    async (store) => {
      await store.write({ name: 'notification.publish', input: notification, actor: { is: 'operator' } })
    },
  )
}

/** Puts into General what people said at other times than now, and everybody has read. */
export async function storeHistory(folder: string, history: readonly Said[]): Promise<void> {
  let now = Date.now()
  await onStore(
    folder,
    () => now,
    async (store) => {
      const authors = new Map<string, { is: 'person'; userId: string; sessionId: string }>()
      for (const { by, body, at } of history) {
        now = at
        if (!authors.has(by)) authors.set(by, await startSession(store, by))
        await store.write({ name: 'message.post', input: { roomId: GENERAL_ROOM, body }, actor: authors.get(by)! })
      }
      const everybody = await store.read((db) => db.selectFrom('users').select('username').execute())
      for (const { username } of everybody) {
        const actor = authors.get(username) ?? (await startSession(store, username))
        await store.write({ name: 'room.read', input: { roomId: GENERAL_ROOM, readTo: history.length }, actor })
      }
    },
  )
}

/** Posts into General, as somebody does whose device is elsewhere. */
export async function storeSaid(folder: string, by: string, bodies: readonly string[]): Promise<void> {
  await onStore(folder, Date.now, async (store) => {
    const actor = await startSession(store, by)
    for (const body of bodies) await store.write({ name: 'message.post', input: { roomId: GENERAL_ROOM, body }, actor })
  })
}

/** A long open room, whose messages read `#0001 …`, `#0002 …`, of different heights, as people write: bob's and carol's in turn, a minute apart. */
export interface LongRoom {
  id: string
  name: string
  messages: number
}

/** How the message of this number begins. */
export function numbered(n: number): string {
  return `#${String(n).padStart(4, '0')}`
}

/** Makes it, as an import does; the id of message #7 is `ROOM-7`. Whoever has an account by then is a member of it. */
export async function storeLongRoom(folder: string, { id, name, messages }: LongRoom): Promise<void> {
  const now = Date.now()
  const authors = ['bob', 'carol'] as const
  const accounts = authors.map((username): NewAccount => ({
    key: username,
    id: `of-old-${username}`,
    username,
    name: username,
    createdAt: 0,
    role: 'member',
    passwordHash: null,
    isDisabled: false,
  }))
  const said = Array.from({ length: messages }, (_, at) => ({
    id: `${id}-${at + 1}`,
    author: authors[Math.floor(at / 3) % 2]!,
    body: `${numbered(at + 1)} ${'and a few more words '.repeat((at * 7) % 5)}`.trim(),
    createdAt: now - (messages - at) * 60_000,
  }))
  const history: History = { room: { id, name }, accounts, outsiders: [], messages: said, notifications: [] }
  await onStore(folder, Date.now, async (store) => {
    await store.write({ name: 'history.store', input: history, actor: { is: 'operator' } })
  })
}

async function startSession(store: Store, username: string) {
  const { id: userId } = await store.read((db) =>
    db.selectFrom('users').select('id').where('username', '=', username).executeTakeFirstOrThrow(),
  )
  const tokenHash = createHash('sha256').update(randomBytes(16)).digest('hex')
  const input = { userId, tokenHash, passwordHash: await passwordHash, device: 'History' }
  const { sessionId } = await store.write<{ user: User; sessionId: string }>({ name: 'session.start', input, actor: { is: 'nobody' } })
  return { is: 'person' as const, userId, sessionId }
}

async function onStore(folder: string, now: () => number, work: (store: Store) => Promise<void>): Promise<void> {
  await using store = await openStore({
    folder,
    writes,
    clock: { now },
    onAnnouncements: () => {},
    onFailure: (failure) => {
      throw new Error(failure)
    },
  })
  await work(store)
}
