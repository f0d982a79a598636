import { useState } from 'react'
import type { ListedRoom } from '@belfry/client/belfry.ts'
import { INVITE_ROOMS_MAX } from '@belfry/protocol/limits.ts'
import { isFoundBy } from '#shell/folded.ts'
import { FailedLine } from '#theme/failed-line.tsx'
import { Icon } from '#theme/icons.tsx'
import { SearchField } from '#theme/search-field.tsx'
import type { InvitableRooms } from './invitable-rooms.ts'

/** Fewer are seen at a glance. */
const SEARCHED_FROM = 6

interface InvitedRoomsProps {
  invitable: InvitableRooms
  chosen: readonly string[]
  /** One at least. */
  isNeeded: boolean
  onChoose: (rooms: readonly string[]) => void
}

/** The rooms into which an invitation leads. */
export function InvitedRooms({ invitable: { is, rooms, refresh }, chosen, isNeeded, onChoose }: InvitedRoomsProps) {
  if (is === 'loading')
    return (
      <p role="status" className="mt-4 animate-later text-small text-ink-2">
        Loading rooms…
      </p>
    )
  if (is === 'failed')
    return (
      <p role="alert" className="mt-4 text-small text-ink-2">
        <FailedLine onTryAgain={refresh}>The rooms could not be loaded.</FailedLine>
      </p>
    )
  if (rooms.length === 0) return isNeeded && <p className="mt-4 text-small text-ink-2">Make a room first: there is none for guests.</p>
  return (
    <fieldset className="mt-4">
      <legend className="mb-1.5 font-medium">{isNeeded ? 'Rooms they see' : 'Rooms they join, besides General'}</legend>
      <RoomChoices rooms={rooms} chosen={chosen} onChoose={onChoose} />
    </fieldset>
  )
}

function RoomChoices({ rooms, chosen, onChoose }: Pick<InvitedRoomsProps, 'chosen' | 'onChoose'> & { rooms: readonly ListedRoom[] }) {
  const [words, setWords] = useState('')
  const isFull = chosen.length >= INVITE_ROOMS_MAX
  const found = rooms.filter(({ name }) => isFoundBy(name, words))
  const shown = rooms.filter((room) => chosen.includes(room.id) || found.includes(room))

  function chooseFirst(): void {
    const [first] = words.trim() === '' ? [] : found
    if (first && !isFull && !chosen.includes(first.id)) onChoose([...chosen, first.id])
  }

  return (
    <>
      {rooms.length >= SEARCHED_FROM && (
        <SearchField
          label="Find a room"
          placeholder="Find a room"
          value={words}
          onChange={setWords}
          onEnter={chooseFirst}
          className="mb-2"
        />
      )}
      <div className="max-h-40 overflow-y-auto rounded-medium border border-line">
        {shown.map((room) => (
          <RoomChoice
            key={room.id}
            room={room}
            isChosen={chosen.includes(room.id)}
            isFull={isFull}
            onChange={(isChosen) => onChoose(isChosen ? [...chosen, room.id] : chosen.filter((id) => id !== room.id))}
          />
        ))}
        {found.length === 0 && <p className="px-3 py-2 text-small text-ink-3">No room is called so.</p>}
      </div>
      <p role="status" className="text-small text-ink-2 not-empty:mt-1.5">
        {isFull && `An invitation leads into ${INVITE_ROOMS_MAX} rooms at most.`}
      </p>
    </>
  )
}

interface RoomChoiceProps {
  room: ListedRoom
  isChosen: boolean
  /** No more can be chosen. */
  isFull: boolean
  onChange: (isChosen: boolean) => void
}

function RoomChoice({ room, isChosen, isFull, onChange }: RoomChoiceProps) {
  return (
    <label className="flex h-9 cursor-pointer items-center gap-2.5 px-3 hover:bg-hover has-focus-visible:bg-hover has-disabled:cursor-default has-disabled:text-ink-3 coarse:h-11">
      <input
        type="checkbox"
        checked={isChosen}
        disabled={isFull && !isChosen}
        onChange={(event) => onChange(event.target.checked)}
        className="size-4 flex-none"
      />
      <Icon name={room.kind === 'closed' ? 'lock' : 'hash'} className="size-4 flex-none text-ink-3" />
      <span className="truncate">{room.name}</span>
      {room.kind === 'closed' && <span className="sr-only">, closed</span>}
    </label>
  )
}
