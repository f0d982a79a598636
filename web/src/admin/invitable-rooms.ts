import { useCallback, useEffect, useMemo } from 'react'
import type { ListedRoom, RoomList } from '@belfry/client/belfry.ts'
import type { User } from '@belfry/protocol/rows.ts'
import { useObservable } from '#account/observe.ts'
import { useAccount } from '#account/use-account.ts'
import { inListOrder } from '#shell/room-order.ts'
import { actsAs, isAtLeast, isForAll } from '#shell/room-power.ts'

/** The rooms into which one could bring somebody, as far as they are known. */
export interface InvitableRooms {
  is: RoomList['is']
  rooms: readonly ListedRoom[]
  refresh: () => void
}

export function useInvitableRooms(): InvitableRooms {
  const { user, belfry } = useAccount()
  const { is, items } = useObservable(belfry.rooms.list)
  const refresh = useCallback(() => void belfry.rooms.refresh(), [belfry])
  // Nobody tells of rooms that one is not in.
  useEffect(refresh, [refresh])
  return { is, rooms: useMemo(() => invitableRooms(items, user), [items, user]), refresh }
}

export function invitableRooms(items: readonly ListedRoom[], user: User): ListedRoom[] {
  return inListOrder(items.filter((room) => isInvitable(room, user)))
}

function isInvitable(room: ListedRoom, user: User): boolean {
  return room.people === null && room.archivedAt === null && !isForAll(room.id) && isAtLeast(actsAs(room, user), 'moderator')
}

/** What was chosen, as long as it can be. */
export function stillAmong(rooms: readonly ListedRoom[], chosen: readonly string[]): string[] {
  return chosen.filter((id) => rooms.some((room) => room.id === id))
}
