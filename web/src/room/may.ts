import type { RoomView } from '@belfry/client/belfry.ts'
import { isAtLeast } from '#shell/room-power.ts'
import type { RoomDeeds } from './message-row.tsx'

/** What the server would let whoever acts so do with messages here. */
export function mayIn(
  { isMember, archivedAt, posting }: Pick<RoomView, 'isMember' | 'archivedAt' | 'posting'>,
  role: RoomView['role'],
): RoomDeeds['may'] {
  const isIn = isMember !== false
  const moderates = isIn && isAtLeast(role, 'moderator')
  const reacts = isIn && archivedAt === null
  // An edit is writing, and rings: where moderators write alone the others do no more than react to messages, and delete their own.
  const writes = reacts && (posting === 'members' || moderates)
  return { edits: writes, answers: writes, reacts, deletes: isIn, moderates }
}
