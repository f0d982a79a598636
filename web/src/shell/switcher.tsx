import { type KeyboardEvent, useState } from 'react'
import { useLocation } from 'wouter'
import type { ListedRoom } from '@belfry/client/belfry.ts'
import type { User } from '@belfry/protocol/rows.ts'
import { useObservable } from '#account/observe.ts'
import { roomPath } from '#account/paths.ts'
import { refusalWords } from '#account/refusal-words.ts'
import { useAccount } from '#account/use-account.ts'
import { Dialog } from '#theme/dialog.tsx'
import { Face } from '#theme/face.tsx'
import { Icon } from '#theme/icons.tsx'
import { tell } from './notice.tsx'
import { RoomCount } from './room-count.tsx'
import { roomIcon, useFaceOf } from './room-mark.ts'
import { useRoomNames } from './room-names.ts'
import { hasNews } from './room-sections.ts'
import { type Place, placesFor } from './switcher-places.ts'
import { useFoundPeople } from './use-found-people.ts'

/** Leads to a room or a person by the first letters of their name; what calls for one stands first. */
export function Switcher({ onClose }: { onClose: () => void }) {
  const { belfry } = useAccount()
  const [, navigate] = useLocation()
  const [words, setWords] = useState('')
  const [at, setAt] = useState(0)
  const { places, isWhole } = usePlaces(words)
  const current = Math.min(at, places.length - 1)

  async function go(place: Place | undefined): Promise<void> {
    if (!place) return
    try {
      const id = place.is === 'room' ? place.room.id : await belfry.rooms.openDirect([place.person.id])
      onClose()
      navigate(roomPath(id))
    } catch (error) {
      tell(refusalWords(error))
    }
  }

  function onKeyDown(event: KeyboardEvent): void {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step !== 0 && places.length > 0) {
      event.preventDefault()
      setAt((current + step + places.length) % places.length)
    }
    if (event.key !== 'Enter' || event.nativeEvent.isComposing) return
    event.preventDefault()
    void go(places[current])
  }

  return (
    <Dialog title="Go to" onClose={onClose}>
      <input
        data-first
        type="text"
        role="combobox"
        aria-label="Room or person"
        aria-expanded={places.length > 0}
        aria-controls={LIST_ID}
        aria-activedescendant={places[current] && optionId(current)}
        aria-autocomplete="list"
        autoComplete="off"
        placeholder="Room or person"
        value={words}
        maxLength={64}
        onChange={(event) => {
          setWords(event.target.value)
          setAt(0)
        }}
        onKeyDown={onKeyDown}
        className="h-10 w-full rounded-medium border border-edge bg-ground px-3 text-touch outline-none placeholder:text-ink-3 focus:border-accent focus:ring-3 focus:ring-halo coarse:h-11"
      />
      <Places places={places} isWhole={isWhole} current={current} onChoose={(place) => void go(place)} />
    </Dialog>
  )
}

const LIST_ID = 'places'

function optionId(index: number): string {
  return `place-${index}`
}

interface PlacesProps {
  places: readonly Place[]
  /** People were looked for too. */
  isWhole: boolean
  current: number
  onChoose: (place: Place) => void
}

function Places({ places, isWhole, current, onChoose }: PlacesProps) {
  return (
    <ul id={LIST_ID} role="listbox" aria-label="Found" className="mt-2 h-[19rem] overflow-y-auto">
      {places.map((place, index) => (
        <li
          key={place.is === 'room' ? place.room.id : place.person.id}
          id={optionId(index)}
          role="option"
          aria-selected={index === current}
          ref={index === current ? (option) => option?.scrollIntoView({ block: 'nearest' }) : null}
          onPointerUp={() => onChoose(place)}
          className="flex h-9.5 cursor-pointer items-center gap-3 rounded-small px-2.5 hover:bg-hover aria-selected:bg-selected coarse:h-11"
        >
          <Mark place={place} />
          <span className="truncate">{place.name}</span>
          {place.is === 'person' && <span className="truncate text-small text-ink-2">{place.person.username}</span>}
          {place.is === 'room' && hasNews(place.room) && <RoomCount room={place.room} />}
        </li>
      ))}
      {places.length === 0 && isWhole && <li className="px-2.5 py-2 text-ink-2">Nothing here is called that.</li>}
    </ul>
  )
}

function usePlaces(words: string): { places: Place[]; isWhole: boolean } {
  const { user, belfry } = useAccount()
  const { items } = useObservable(belfry.rooms.list)
  const nameOf = useRoomNames(items)
  const found = useFoundPeople(words)
  const places = placesFor(words, { rooms: items, people: found ?? NOBODY, nameOf, ownId: user.id })
  return { places, isWhole: found !== null }
}

const NOBODY: readonly User[] = []

function Mark({ place }: { place: Place }) {
  if (place.is === 'room') return <RoomMark room={place.room} name={place.name} />
  return <Face id={place.person.id} name={place.name} picture={place.person.picture} size="tiny" />
}

function RoomMark({ room, name }: { room: ListedRoom; name: string }) {
  const face = useFaceOf(room)
  if (face) return <Face {...face} name={name} size="tiny" />
  return <Icon name={roomIcon(room)} className="size-4.5 text-ink-3" />
}
