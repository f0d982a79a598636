import { useMemo, useState } from 'react'
import { useObservable } from '#account/observe.ts'
import { useAccount } from '#account/use-account.ts'
import { useRoomNames } from './room-names.ts'
import { type RoomSection, sectionsOf } from './room-sections.ts'

/** The rooms beside every page, each under the name by which it is called. */
export function useSections(current: string | null): RoomSection[] {
  const { rooms } = useAccount().belfry
  const { items } = useObservable(rooms.list)
  const nameOf = useRoomNames(items)
  const [unread, setUnread] = useState<ReadonlySet<string>>(new Set())
  const sections = useMemo(() => sectionsOf(items, { current, unread, nameOf }), [items, current, unread, nameOf])
  const now = sections[0]!.rooms.map(({ id }) => id)
  if (now.length !== unread.size || now.some((id) => !unread.has(id))) setUnread(new Set(now))
  return sections
}
