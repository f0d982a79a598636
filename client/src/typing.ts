import type { Message } from '@belfry/protocol/rows.ts'
import type { UpSignal } from '@belfry/protocol/up.ts'
import { roomTopic } from '@belfry/protocol/topics.ts'
import type { TopicNews } from './follow.ts'
import { source } from './observable.ts'

/** Whoever has not been said to type for so long has stopped. */
export const TYPING_ENDS_AFTER_MS = 6_000
/** That one types is said this often at most. */
export const SAY_TYPING_EVERY_MS = 3_000
/** What was said before somebody's message may arrive behind it. */
const LATE_WITHIN_MS = 1_000

/** What typing works with. */
export interface TypingParts {
  now(): number
  after(ms: number, run: () => void): void
  /** Answers whether it could be said. */
  say(signal: UpSignal): boolean
}

/** Who types in one room, in the order in which they began. */
export class Typing {
  readonly who = source<readonly string[]>([])
  readonly #roomId: string
  readonly #parts: TypingParts
  /** When each was last said to type. */
  readonly #saidAt = new Map<string, number>()
  /** When the last message of each arrived, of those who type. */
  readonly #wroteAt = new Map<string, number>()
  #saidOwnAt = -Infinity

  constructor(roomId: string, parts: TypingParts) {
    this.#roomId = roomId
    this.#parts = parts
  }

  /** One types oneself. */
  types(): void {
    const now = this.#parts.now()
    if (now - this.#saidOwnAt < SAY_TYPING_EVERY_MS) return
    if (this.#parts.say({ t: 'signal', name: 'typing', topic: roomTopic(this.#roomId) })) this.#saidOwnAt = now
  }

  took(userId: string): void {
    const now = this.#parts.now()
    if (now - (this.#wroteAt.get(userId) ?? -Infinity) < LATE_WITHIN_MS) return
    this.#wroteAt.delete(userId)
    this.#saidAt.set(userId, now)
    this.#parts.after(TYPING_ENDS_AFTER_MS, () => {
      if (this.#saidAt.get(userId) === now) this.#end([userId])
    })
    this.#show()
  }

  /** These have written what they were typing. */
  wrote(userIds: readonly string[]): void {
    const now = this.#parts.now()
    for (const [userId, at] of this.#wroteAt) if (now - at >= LATE_WITHIN_MS) this.#wroteAt.delete(userId)
    for (const userId of userIds) this.#wroteAt.set(userId, now)
    this.#end(userIds)
  }

  /** Nothing more is known of anybody. */
  lost(): void {
    this.#end([...this.#saidAt.keys()])
  }

  #end(userIds: readonly string[]): void {
    for (const userId of userIds) this.#saidAt.delete(userId)
    this.#show()
  }

  #show(): void {
    const [before, now] = [this.who.get(), [...this.#saidAt.keys()]]
    if (before.join(' ') !== now.join(' ')) this.who.set(now)
  }
}

/** Who has written something just now, or is in the room no longer: they do not type any more. */
export function doneTyping({ by, fresh, rows }: Extract<TopicNews, { is: 'applied' }>): string[] {
  if (by === 'snapshot') return []
  const gone = (rows.member ?? []).filter(({ endedAt }) => endedAt !== null)
  return [...fresh.flatMap(({ kind, row }) => (kind === 'message' ? (row as Message).authorId : [])), ...gone.map(({ id }) => id)]
}
