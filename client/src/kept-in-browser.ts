import { keptEntries } from './kept-entry.ts'
import type { Keep, Kept, KeptNews } from './kept.ts'
import { accountIn, accountPrefix, isForward } from './kept.ts'
import type { OutboxChange } from './outbox-change.ts'
import { outboxAfter } from './outbox-change.ts'
import type { OutboxEntry } from './outbox-entry.ts'
import type { TopicCopy } from './topic-copy.ts'

const TOPICS = 'topics'
const OUTBOX = 'outbox'
const KEYS = { [TOPICS]: 'topic', [OUTBOX]: 'entryId' } as const

/** Keeps in IndexedDB: one database an account, which signing out deletes as a whole. */
export const keepInBrowser: Keep = (userId) => new KeptInBrowser(userId)

/** Of all accounts but this one only the rows go, at once and for every tab: what they wrote and did not send stays theirs. */
export async function forgetRowsOfOthers(userId: string | null): Promise<void> {
  for (const { name } of await indexedDB.databases()) {
    const ownerId = accountIn(name)
    if (name && ownerId !== null && ownerId !== userId) await emptyTopics(name)
  }
}

class KeptInBrowser implements Kept {
  readonly outboxName: string
  readonly #name: string
  readonly #database: Promise<IDBDatabase>
  readonly #line: BroadcastChannel
  readonly #listeners = new Set<(news: KeptNews) => void>()
  readonly #running = new Set<Promise<unknown>>()
  #isClosed = false

  constructor(userId: string) {
    this.#name = accountPrefix(userId)
    this.outboxName = `${this.#name}outbox`
    this.#line = new BroadcastChannel(this.outboxName)
    this.#line.onmessage = () => this.#tell('outbox')
    this.#database = openSound(this.#name).then((database) => this.#watch(database))
    // Whoever asks for something is told.
    this.#database.catch(() => undefined)
  }

  topics(): Promise<unknown[]> {
    return this.#run('readonly', TOPICS, (store) => answered(store.getAll()))
  }

  async putTopics(copies: readonly TopicCopy[]): Promise<void> {
    await this.#run('readwrite', TOPICS, async (store) => {
      const there = await Promise.all(copies.map(({ topic }) => answered<TopicCopy | undefined>(store.get(topic))))
      for (const [at, copy] of copies.entries()) if (isForward(copy, there[at])) store.put(copy)
    })
  }

  async removeTopics(which: readonly string[] | 'all'): Promise<void> {
    await this.#run('readwrite', TOPICS, async (store) => {
      if (which === 'all') store.clear()
      else for (const name of which) store.delete(name)
    })
  }

  async outbox(changes: readonly OutboxChange[]): Promise<readonly OutboxEntry[]> {
    if (changes.length === 0) return this.#run('readonly', OUTBOX, async (store) => keptEntries(await answered(store.getAll())))
    const now = await this.#run('readwrite', OUTBOX, async (store) => {
      const before = keptEntries(await answered<unknown[]>(store.getAll()))
      return written(store, before, outboxAfter(before, changes))
    })
    if (!this.#isClosed) this.#line.postMessage('outbox')
    return now
  }

  onNews(listener: (news: KeptNews) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** What was asked before is done before. */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#line.close()
    void Promise.allSettled(this.#running)
      .then(async () => (await this.#database).close())
      .catch(() => undefined)
  }

  /** Emptied first: the database itself goes when the last tab has let go of it. */
  async forget(): Promise<void> {
    const emptied = Promise.all([this.removeTopics('all'), this.#run('readwrite', OUTBOX, async (store) => void store.clear())])
    const isEmpty = await emptied.then(() => true).catch(() => false)
    this.close()
    const deleted = answered(indexedDB.deleteDatabase(this.#name))
    if (!isEmpty) await deleted
    else deleted.catch(() => undefined)
  }

  async #run<T>(mode: IDBTransactionMode, store: string, act: (store: IDBObjectStore) => Promise<T>): Promise<T> {
    if (this.#isClosed) throw new Error('It is closed.')
    const running = this.#transact(mode, store, act)
    this.#running.add(running)
    try {
      return await running
    } finally {
      this.#running.delete(running)
    }
  }

  /** A promise that is awaited in `act` must be of the same transaction: it ends when nothing more is asked of it. */
  async #transact<T>(mode: IDBTransactionMode, store: string, act: (store: IDBObjectStore) => Promise<T>): Promise<T> {
    const transaction = (await this.#database).transaction(store, mode)
    const acting = act(transaction.objectStore(store)).catch((error: unknown) => undo(transaction, error))
    const [result] = await Promise.all([acting, committed(transaction)])
    return result
  }

  /** Another tab that deletes the database, or a later version that changes it, must not have to wait for this one. */
  #watch(database: IDBDatabase): IDBDatabase {
    database.onclose = () => this.close()
    database.onversionchange = ({ newVersion }) => {
      this.close()
      if (newVersion === null) this.#tell('forgotten')
    }
    return database
  }

  #tell(news: KeptNews): void {
    for (const listener of [...this.#listeners]) listener(news)
  }
}

/** A database in which nothing waits either goes as a whole. Also in one of another version something may wait. */
async function emptyTopics(name: string): Promise<void> {
  const database = await openIfThere(name)
  if (!database) return
  const isSpare = await isLeftEmpty(database)
  database.close()
  if (isSpare) await answered(indexedDB.deleteDatabase(name))
}

async function isLeftEmpty(database: IDBDatabase): Promise<boolean> {
  const stores = [...database.objectStoreNames]
  if (stores.length === 0) return true
  const transaction = database.transaction(stores, 'readwrite')
  if (stores.includes(TOPICS)) transaction.objectStore(TOPICS).clear()
  const left = stores.map((store) => answered(transaction.objectStore(store).count()))
  const [counts] = await Promise.all([Promise.all(left), committed(transaction)])
  return counts.every((count) => count === 0)
}

/** Another tab may have deleted it meanwhile: then it is not made again. */
function openIfThere(name: string): Promise<IDBDatabase | null> {
  const request = indexedDB.open(name)
  request.onupgradeneeded = () => request.transaction?.abort()
  return answered(request).catch(() => null)
}

/** What was made by another version is deleted and begun anew. What cannot be opened now may be opened another time: it is left alone. */
async function openSound(name: string): Promise<IDBDatabase> {
  const database = await open(name)
  if (isSound(database)) return database
  database.close()
  await answered(indexedDB.deleteDatabase(name))
  return open(name)
}

/** Without a version: it opens whichever is there. */
function open(name: string): Promise<IDBDatabase> {
  const request = indexedDB.open(name)
  request.onupgradeneeded = () => {
    for (const [store, keyPath] of Object.entries(KEYS)) request.result.createObjectStore(store, { keyPath })
  }
  return answered(request)
}

function isSound(database: IDBDatabase): boolean {
  const stores = Object.entries(KEYS)
  if (!stores.every(([store]) => database.objectStoreNames.contains(store))) return false
  const transaction = database.transaction(Object.keys(KEYS))
  return stores.every(([store, keyPath]) => transaction.objectStore(store).keyPath === keyPath)
}

function written(store: IDBObjectStore, before: readonly OutboxEntry[], now: readonly OutboxEntry[]): readonly OutboxEntry[] {
  const [old, ids] = [new Set(before), new Set(now.map(({ entryId }) => entryId))]
  for (const { entryId } of before) if (!ids.has(entryId)) store.delete(entryId)
  for (const entry of now) if (!old.has(entry)) store.put(entry)
  return now
}

function answered<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('The database gave no reason.'))
  })
}

function committed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve()
    transaction.onabort = () => reject(transaction.error ?? new Error('The transaction was undone.'))
  })
}

/** A request that failed has ended the transaction already. */
function undo(transaction: IDBTransaction, error: unknown): never {
  try {
    transaction.abort()
  } catch {
    // It is over.
  }
  throw error
}
