import type { Session } from '@belfry/protocol/rows.ts'
import type { Topic } from './topic.ts'

/** A device that is signed in; `isCurrent`: this one. */
export type OwnSession = Session & { isCurrent: boolean }

/** One's own devices, the newest first; null until they are known. `current`: this one's id; blank until the server has said it. */
export function standingSessions(own: Topic | null, current: string): readonly OwnSession[] | null {
  if (!own?.position || current === '') return null
  const standing = [...own.rows('session').values()].filter(({ endedAt }) => endedAt === null)
  return standing.toSorted((a, b) => b.createdAt - a.createdAt).map((session) => ({ ...session, isCurrent: session.id === current }))
}
