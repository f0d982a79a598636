import type { ListedRoom, RoomView } from '@belfry/client/belfry.ts'
import type { User } from '@belfry/protocol/rows.ts'
import { GENERAL_ROOM } from '@belfry/protocol/topics.ts'

type Role = NonNullable<ListedRoom['role']>

const ROLES: readonly Role[] = ['member', 'moderator', 'owner']

/** As what somebody acts in a room; null: they may read it, and no more. An administrator acts as an owner in an open room. The server decides. */
export function actsAs({ role, kind }: Pick<RoomView, 'role' | 'kind'>, user: User): Role | null {
  return user.role === 'admin' && kind === 'open' ? 'owner' : role
}

export function isAtLeast(role: Role | null, least: Role): boolean {
  return role !== null && ROLES.indexOf(role) >= ROLES.indexOf(least)
}

/** General is everyone's: nobody leaves it, and it stays open and in use. */
export function isForAll(roomId: string): boolean {
  return roomId === GENERAL_ROOM
}
