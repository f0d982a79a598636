import type { Bump } from '@belfry/protocol/down.ts'
import { UNREAD_MAX } from '@belfry/protocol/limits.ts'
import type { Topic } from './topic.ts'

/** What is known of a room's unread messages, as of a seq of its topic: standing ones of others behind the read marker [N5]. */
export interface Unread {
  seq: number
  /** How many messages there ever were. */
  posted: number
  readTo: number
  /** As many as `UNREAD_MAX` are so many, or more. */
  count: number
}

/** After a bump; null: it does not follow on what is known, and the server has to be asked. */
export function bumped(at: Unread, bump: Pick<Bump, 'prev' | 'seq' | 'messages'>, ownId: string): Unread | null {
  if (bump.seq <= at.seq) return at
  if (bump.messages === null || bump.prev > at.seq) return null
  let { count } = at
  let { posted } = at
  for (const [n, authorId, changed, stands] of bump.messages) {
    posted = Math.max(posted, n)
    if (changed <= at.seq || n <= at.readTo || authorId === ownId) continue
    const isNew = n > at.posted
    if (isNew && stands === 1) count += 1
    // Of so many or more, one less may be as many.
    if (!isNew && stands === 0 && count >= UNREAD_MAX) return null
    if (!isNew && stands === 0) count -= 1
  }
  return { seq: bump.seq, posted, readTo: at.readTo, count: Math.min(count, UNREAD_MAX) }
}

/**
 * Counted among the rows that are held, as of the topic's position; null where they do not reach down to the read marker, or where one of
 * them is ahead of the position: its change, when it comes, would count it again. Of one's own only the number is of interest.
 */
export function countHeld(topic: Topic, { readTo, ownId }: { readTo: number; ownId: string }): Unread | null {
  if (!topic.position || topic.latest > readTo + 1) return null
  let count = 0
  let posted = readTo
  for (const { n, authorId, changed, deletedAt } of topic.rows('message').values()) {
    const [isAhead, isOthers] = [changed > topic.position.seq, n > readTo && authorId !== ownId]
    if (isAhead && isOthers) return null
    if (!isAhead) posted = Math.max(posted, n)
    if (isOthers && deletedAt === null) count += 1
  }
  return { seq: topic.position.seq, posted, readTo, count: Math.min(count, UNREAD_MAX) }
}
