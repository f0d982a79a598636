import { type ReactNode, useEffect, useMemo, useState } from 'react'
import { Link } from 'wouter'
import type { ListedRoom } from '@belfry/client/belfry.ts'
import { useObservable } from '#account/observe.ts'
import { roomPath } from '#account/paths.ts'
import { useAccount } from '#account/use-account.ts'
import { FormPage } from '#shell/form-page.tsx'
import { inListOrder } from '#shell/room-order.ts'
import { FailedLine } from '#theme/failed-line.tsx'
import { Icon } from '#theme/icons.tsx'
import { Section } from '#theme/section.tsx'
import { BrowsedRoom } from './browsed-room.tsx'
import { holding } from './holding.ts'

/** All rooms that one may see, to find and to join them. */
export function BrowsePage({ actions }: { actions: ReactNode }) {
  const { rooms } = useAccount().belfry
  const { is, items } = useObservable(rooms.list)
  const [words, setWords] = useState('')
  // Nobody tells of rooms that one is not in.
  useEffect(() => void rooms.refresh(), [rooms])
  const found = useMemo(() => inListOrder(holding(items, words)), [items, words])
  const inUse = found.filter(({ archivedAt }) => archivedAt === null)
  const archived = found.filter(({ archivedAt }) => archivedAt !== null)
  return (
    <FormPage title="Browse rooms" actions={actions}>
      <Search words={words} onChange={setWords} />
      {is === 'failed' && (
        <p role="alert" className="py-6 text-ink-2">
          <FailedLine onTryAgain={() => void rooms.refresh()}>The rooms could not be loaded.</FailedLine>
        </p>
      )}
      <div>
        {inUse.length > 0 && <RoomList title="Rooms" rooms={inUse} />}
        {archived.length > 0 && <RoomList title="Archived" rooms={archived} />}
      </div>
      {is === 'ready' && found.length === 0 && (
        <p className="py-10 text-center text-ink-2">No room that you can see holds “{words.trim()}” in its name or description.</p>
      )}
    </FormPage>
  )
}

function Search({ words, onChange }: { words: string; onChange: (words: string) => void }) {
  return (
    <div role="search" className="relative mb-6">
      <Icon name="search" className="pointer-events-none absolute top-3 left-3 size-4.5 text-ink-3" />
      <input
        type="search"
        aria-label="Search rooms"
        placeholder="Name or description"
        value={words}
        maxLength={64}
        onChange={(event) => onChange(event.target.value)}
        className="h-10 w-full rounded-medium border border-edge bg-ground pr-3 pl-9.5 text-touch outline-none placeholder:text-ink-3 focus:border-accent focus:ring-3 focus:ring-halo coarse:h-11"
      />
    </div>
  )
}

function RoomList({ title, rooms }: { title: string; rooms: readonly ListedRoom[] }) {
  return (
    <Section title={title}>
      <ul aria-label={title} className="mt-1">
        {rooms.map((room) => (
          <BrowsedRoom key={room.id} room={room}>
            <Link href={roomPath(room.id)} className="hover:underline">
              {room.name}
            </Link>
          </BrowsedRoom>
        ))}
      </ul>
    </Section>
  )
}
