import { type ReactNode, useEffect, useMemo, useState } from 'react'
import type { ListedRoom } from '@belfry/client/belfry.ts'
import { useObservable } from '#account/observe.ts'
import { useAccount } from '#account/use-account.ts'
import { useTrouble } from '#shell/connection-watch.tsx'
import { LISTED_LATER } from '#shell/connection-words.ts'
import { isFoundBy } from '#shell/folded.ts'
import { FormPage } from '#shell/form-page.tsx'
import { NewRoomDialog } from '#shell/new-room-dialog.tsx'
import { inListOrder } from '#shell/room-order.ts'
import { Button } from '#theme/button.tsx'
import { FailedLine } from '#theme/failed-line.tsx'
import { Icon } from '#theme/icons.tsx'
import { SearchField } from '#theme/search-field.tsx'
import { Section } from '#theme/section.tsx'
import { BrowsedRoom } from './browsed-room.tsx'

/** Nobody tells of rooms that one is not in: they are looked at so often while somebody looks. */
const LOOKS_EVERY_MS = 5_000
const MEANS = 'A room is for one subject. Open ones you can read and join; closed ones stand here if you are in them.'

/** All rooms that one may see, to find and to join them. */
export function BrowsePage({ actions }: { actions: ReactNode }) {
  const { user, belfry } = useAccount()
  const { rooms } = belfry
  const isGuest = user.role === 'guest'
  const { is, items, isWhole } = useObservable(rooms.list)
  const isAway = useTrouble() !== null && !isWhole
  const [words, setWords] = useState('')
  useEffect(() => {
    void rooms.refresh()
    const timer = setInterval(() => document.visibilityState === 'visible' && void rooms.refresh(), LOOKS_EVERY_MS)
    return () => clearInterval(timer)
  }, [rooms])
  const found = useMemo(() => inListOrder(items.filter((room) => isBrowsed(room, words))), [items, words])
  const inUse = found.filter(({ archivedAt }) => archivedAt === null)
  const archived = found.filter(({ archivedAt }) => archivedAt !== null)
  return (
    <FormPage title="Browse rooms" actions={actions}>
      <Section title="Rooms" lead={isGuest ? 'The rooms that you were brought into.' : MEANS} action={!isGuest && <NewRoom />}>
        <div role="search" className="mt-4">
          <SearchField label="Search rooms" placeholder="Name or description" value={words} onChange={setWords} />
        </div>
        {is === 'loading' && !isAway && (
          <p role="status" className="animate-later py-6 text-ink-2">
            Loading rooms…
          </p>
        )}
        {is === 'failed' && !isAway && (
          <p role="alert" className="py-6 text-ink-2">
            <FailedLine onTryAgain={() => void rooms.refresh()}>The rooms could not be loaded.</FailedLine>
          </p>
        )}
        {is === 'ready' && found.length === 0 && !isAway && (
          <p className="py-6 text-ink-2">No room that you can see holds “{words.trim()}” in its name or description.</p>
        )}
        <RoomList label="Rooms" rooms={inUse} />
        {isAway && <p className="py-6 text-ink-2">{LISTED_LATER}</p>}
      </Section>
      {archived.length > 0 && (
        <Section title="Archived" lead="They can be read, and nobody writes there any more.">
          <RoomList label="Archived rooms" rooms={archived} />
        </Section>
      )}
    </FormPage>
  )
}

function isBrowsed({ name, description, people }: ListedRoom, words: string): boolean {
  return people === null && isFoundBy(`${name}\n${description}`, words)
}

function NewRoom() {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button look="main" size="small" onClick={() => setOpen(true)}>
        <Icon name="plus" className="size-4" />
        New room
      </Button>
      {isOpen && <NewRoomDialog onClose={() => setOpen(false)} />}
    </>
  )
}

function RoomList({ label, rooms }: { label: string; rooms: readonly ListedRoom[] }) {
  if (rooms.length === 0) return null
  return (
    <ul aria-label={label} className="mt-2">
      {rooms.map((room) => (
        <BrowsedRoom key={room.id} room={room} />
      ))}
    </ul>
  )
}
