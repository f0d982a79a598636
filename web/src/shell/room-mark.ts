import type { RoomView } from '@belfry/client/belfry.ts'
import { useObservable } from '#account/observe.ts'
import { useAccount } from '#account/use-account.ts'
import type { IconName } from '#theme/icons.tsx'
import { type Called, otherOf } from './room-names.ts'

/** Whose face stands for a room: of a pair the other one's. Null: none, it has an icon. */
export function useFaceOf(room: Omit<Called, 'name'>): { id: string; picture: string | null } | null {
  const { user, belfry } = useAccount()
  const known = useObservable(belfry.people.known)
  const id = otherOf(room, user.id)
  return id === null ? null : { id, picture: known.get(id)?.picture ?? null }
}

/** `archivedAt`: left out where the page says it otherwise. */
export function roomIcon({
  people,
  kind,
  archivedAt = null,
}: Pick<RoomView, 'people' | 'kind'> & Partial<Pick<RoomView, 'archivedAt'>>): IconName {
  if (people !== null) return 'people'
  if (archivedAt !== null) return 'archive'
  return kind === 'closed' ? 'lock' : 'hash'
}
