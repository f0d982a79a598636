import type { Keep, Kept, KeptNews } from './kept.ts'
import { accountPrefix, isForward } from './kept.ts'
import type { OutboxChange } from './outbox-change.ts'
import { outboxAfter } from './outbox-change.ts'
import type { OutboxEntry } from './outbox-entry.ts'
import type { TopicCopy } from './topic-copy.ts'

interface Account {
  topics: Map<string, TopicCopy>
  outbox: readonly OutboxEntry[]
  tabs: Set<KeptInMemory>
}

/** Keeps as long as the program: what one `Belfry` leaves, the next one of the same account finds. */
export function keepInMemory(): Keep {
  const accounts = new Map<string, Account>()
  return (userId) => {
    const account = accounts.get(userId) ?? { topics: new Map(), outbox: [], tabs: new Set() }
    accounts.set(userId, account)
    return new KeptInMemory(userId, account)
  }
}

class KeptInMemory implements Kept {
  readonly outboxName: string
  readonly #account: Account
  readonly #listeners = new Set<(news: KeptNews) => void>()

  constructor(userId: string, account: Account) {
    this.outboxName = `${accountPrefix(userId)}outbox`
    this.#account = account
    account.tabs.add(this)
  }

  async topics(): Promise<unknown[]> {
    return [...this.#open().topics.values()]
  }

  async putTopics(copies: readonly TopicCopy[]): Promise<void> {
    const { topics } = this.#open()
    for (const copy of structuredClone(copies)) if (isForward(copy, topics.get(copy.topic))) topics.set(copy.topic, copy)
  }

  async removeTopics(which: readonly string[] | 'all'): Promise<void> {
    const { topics } = this.#open()
    for (const name of which === 'all' ? [...topics.keys()] : which) topics.delete(name)
  }

  async outbox(changes: readonly OutboxChange[]): Promise<readonly OutboxEntry[]> {
    const account = this.#open()
    account.outbox = outboxAfter(account.outbox, structuredClone(changes))
    if (changes.length > 0) this.#tellOthers('outbox')
    return account.outbox
  }

  onNews(listener: (news: KeptNews) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  close(): void {
    this.#account.tabs.delete(this)
  }

  async forget(): Promise<void> {
    this.#account.topics.clear()
    this.#account.outbox = []
    this.#tellOthers('forgotten')
    this.#account.tabs.clear()
  }

  #open(): Account {
    if (!this.#account.tabs.has(this)) throw new Error('It is closed.')
    return this.#account
  }

  #tellOthers(news: KeptNews): void {
    const listeners = [...this.#account.tabs].filter((tab) => tab !== this).flatMap((tab) => [...tab.#listeners])
    queueMicrotask(() => {
      for (const listener of listeners) listener(news)
    })
  }
}
