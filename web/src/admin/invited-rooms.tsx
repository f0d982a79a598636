import { useMemo, useState } from 'react'
import type { ListedRoom } from '@belfry/client/belfry.ts'
import type { User } from '@belfry/protocol/rows.ts'
import { useObservable } from '#account/observe.ts'
import { useAccount } from '#account/use-account.ts'
import { isFoundBy } from '#shell/folded.ts'
import { inListOrder } from '#shell/room-order.ts'
import { actsAs, isAtLeast, isForAll } from '#shell/room-power.ts'
import { Icon } from '#theme/icons.tsx'
import { SearchField } from '#theme/search-field.tsx'

/** Fewer are seen at a glance. */
const SEARCHED_FROM = 6

interface InvitedRoomsProps {
  chosen: readonly string[]
  /** One at least. */
  isNeeded: boolean
  onChoose: (rooms: readonly string[]) => void
}

/** The rooms into which an invitation leads. */
export function InvitedRooms({ chosen, isNeeded, onChoose }: InvitedRoomsProps) {
  const rooms = useInvitable()
  const [words, setWords] = useState('')
  const shown = rooms.filter(({ id, name }) => chosen.includes(id) || isFoundBy(name, words))
  if (rooms.length === 0) return isNeeded && <p className="mt-4 text-small text-ink-2">Make a room first: there is none for guests.</p>
  return (
    <fieldset className="mt-4">
      <legend className="mb-1.5 font-medium">{isNeeded ? 'Rooms they see' : 'Rooms they join, besides General'}</legend>
      {rooms.length >= SEARCHED_FROM && (
        <SearchField label="Find a room" placeholder="Find a room" value={words} onChange={setWords} className="mb-2" />
      )}
      <div className="max-h-40 overflow-y-auto rounded-medium border border-line">
        {shown.map((room) => (
          <RoomChoice
            key={room.id}
            room={room}
            isChosen={chosen.includes(room.id)}
            onChange={(isChosen) => onChoose(isChosen ? [...chosen, room.id] : chosen.filter((id) => id !== room.id))}
          />
        ))}
        {shown.length === 0 && <p className="px-3 py-2 text-small text-ink-3">No room is called so.</p>}
      </div>
    </fieldset>
  )
}

function RoomChoice({ room, isChosen, onChange }: { room: ListedRoom; isChosen: boolean; onChange: (isChosen: boolean) => void }) {
  return (
    <label className="flex h-9 cursor-pointer items-center gap-2.5 px-3 hover:bg-hover has-focus-visible:bg-hover coarse:h-11">
      <input type="checkbox" checked={isChosen} onChange={(event) => onChange(event.target.checked)} className="size-4 flex-none" />
      <Icon name={room.kind === 'closed' ? 'lock' : 'hash'} className="size-4 flex-none text-ink-3" />
      <span className="truncate">{room.name}</span>
      {room.kind === 'closed' && <span className="sr-only">, closed</span>}
    </label>
  )
}

/** Those into which one could bring somebody. */
function useInvitable(): ListedRoom[] {
  const { user, belfry } = useAccount()
  const { items } = useObservable(belfry.rooms.list)
  return useMemo(() => inListOrder(items.filter((room) => isInvitable(room, user))), [items, user])
}

function isInvitable(room: ListedRoom, user: User): boolean {
  return room.people === null && room.archivedAt === null && !isForAll(room.id) && isAtLeast(actsAs(room, user), 'moderator')
}
