import type { OutboxEntry } from './outbox-entry.ts'
import type { OutboxChange } from './outbox-change.ts'
import type { TopicCopy } from './topic-copy.ts'

/**
 * What a device keeps of one account, beyond the page: copies of topics, and the outbox. All tabs of a browser share it. Each method is
 * one transaction. Any may reject: then nothing of it happened, and whoever asked goes on without.
 */
export interface Kept {
  /** Names what only one tab at a time may send from. */
  readonly outboxName: string
  /** All copies, as they were written: perhaps by another version of this program. */
  topics(): Promise<unknown[]>
  /** Only forward: a copy is left out where one of the same epoch is there that is further. Tabs never set each other back. */
  putTopics(copies: readonly TopicCopy[]): Promise<void>
  removeTopics(which: readonly string[] | 'all'): Promise<void>
  /** Makes these changes, in order, and answers what waits then. What has another shape than this version writes is left alone. */
  outbox(changes: readonly OutboxChange[]): Promise<readonly OutboxEntry[]>
  /** What other tabs do; returns how to stop listening. */
  onNews(listener: (news: KeptNews) => void): () => void
  /** This tab does not use it any more. */
  close(): void
  /** Deletes all of it, at once and for every tab, and closes it. */
  forget(): Promise<void>
}

/** Another tab has changed the outbox, or has deleted everything: the account was signed out there. */
export type KeptNews = 'outbox' | 'forgotten'

/** Opens what is kept of an account. */
export type Keep = (userId: string) => Kept

/** The name of all that is kept of one account begins with this. */
export function accountPrefix(userId: string): string {
  return `belfry:${userId}:`
}

/** Whose prefix it is; null for another name. */
export function accountIn(prefix: string | undefined): string | null {
  return /^belfry:([^:]+):$/.exec(prefix ?? '')?.[1] ?? null
}

/** Whether a copy may take the place of what is there. */
export function isForward(copy: TopicCopy, there: Pick<TopicCopy, 'epoch' | 'seq'> | undefined): boolean {
  return there?.epoch !== copy.epoch || there.seq <= copy.seq
}
