import { Fragment, type ReactNode, useEffect, useRef } from 'react'
import { Link } from 'wouter'
import type { ListedRoom } from '@belfry/client/belfry.ts'
import { useObservable } from '#account/observe.ts'
import { roomPath } from '#account/paths.ts'
import { PresentFace } from '#account/present-face.tsx'
import { useAccount } from '#account/use-account.ts'
import { FailedLine } from '#theme/failed-line.tsx'
import { Icon } from '#theme/icons.tsx'
import { GENERAL_ROOM } from '@belfry/protocol/topics.ts'
import { useTrouble } from './connection-watch.tsx'
import { LISTED_LATER } from './connection-words.ts'
import { countWords } from './count-words.ts'
import { RoomCount } from './room-count.tsx'
import { roomIcon, useFaceOf } from './room-mark.ts'
import type { RoomSection } from './room-sections.ts'
import { useSections } from './use-sections.ts'

const TITLES = { unread: 'Unread', favourites: 'Favourites', rooms: 'Rooms', conversations: 'Conversations' } as const

interface RoomLinksProps {
  /** The one on the page. */
  current: string | null
  /** What stands beside a section's title: how to make another of its kind. */
  deeds: Partial<Record<RoomSection['is'], ReactNode>>
  /** What stands below the rooms. */
  belowRooms: ReactNode
}

/** The rooms and conversations that one is in, by sections; those that are empty and offer nothing are left out. */
export function RoomLinks({ current, deeds, belowRooms }: RoomLinksProps) {
  const { user, belfry } = useAccount()
  const { is } = useObservable(belfry.rooms.list)
  const isGuest = user.role === 'guest'
  const sections = useSections(current)
  return (
    <>
      {sections.map((section) => (
        <Fragment key={section.is}>
          {(section.rooms.length > 0 || deeds[section.is]) && (
            <div className="mb-3">
              <div className="flex min-h-8 items-center justify-between pl-2.5">
                <h2 className="text-meta font-bold text-ink-3">{TITLES[section.is]}</h2>
                {deeds[section.is]}
              </div>
              <ul aria-label={TITLES[section.is]}>
                {section.is === 'rooms' && is !== 'ready' && !isGuest && <General isCurrent={current === GENERAL_ROOM} />}
                {section.rooms.map((room) => (
                  <li key={room.id}>
                    <RoomLink room={room} isCurrent={room.id === current} />
                  </li>
                ))}
              </ul>
              {section.is === 'rooms' && <State />}
              {section.is === 'rooms' && belowRooms}
            </div>
          )}
        </Fragment>
      ))}
    </>
  )
}

/** Where everybody is, until the list is known. */
function General({ isCurrent }: { isCurrent: boolean }) {
  return (
    <li>
      <Entry href={roomPath(GENERAL_ROOM)} isCurrent={isCurrent} look="text-ink-2">
        <Icon name="hash" className="size-4.5 opacity-80" />
        <span className="truncate">General</span>
      </Entry>
    </li>
  )
}

function State() {
  const { rooms } = useAccount().belfry
  const { is, isWhole } = useObservable(rooms.list)
  if (useTrouble() !== null && !isWhole) return <p className="px-2.5 py-2 text-small text-ink-3">{LISTED_LATER}</p>
  if (is === 'loading') return <Waiting />
  if (is !== 'failed') return null
  return (
    <p role="alert" className="px-2.5 py-2 text-small text-ink-2">
      <FailedLine onTryAgain={() => void rooms.refresh()}>The other rooms could not be loaded.</FailedLine>
    </p>
  )
}

function RoomLink({ room, isCurrent }: { room: ListedRoom; isCurrent: boolean }) {
  const { id, name, unread, mentions, notify } = room
  const isMuted = notify === 'nothing'
  const isBold = mentions > 0 || (unread > 0 && !isMuted)
  const kind = kindWords(room)
  const look = isBold ? 'font-bold text-ink' : isMuted ? 'text-ink-3' : 'text-ink-2 aria-[current=page]:font-medium'
  return (
    <Entry href={roomPath(id)} isCurrent={isCurrent} look={look} title={tipFor(room)}>
      <RoomMark room={room} />
      <span className="truncate">{name}</span>
      {kind && <span className="sr-only">, {kind}</span>}
      {isMuted && <span className="sr-only">, muted</span>}
      <RoomCount room={room} />
    </Entry>
  )
}

/** The whole name, and where what calls for one hides it, how much is unread. */
function tipFor({ name, unread, mentions }: ListedRoom): string {
  return mentions > 0 && unread > mentions ? `${name}: ${countWords(mentions)} for you, ${countWords(unread)} unread` : name
}

function kindWords({ people, archivedAt, kind }: ListedRoom): string | null {
  if (people !== null) return null
  return archivedAt !== null ? 'archived' : kind === 'closed' ? 'closed' : null
}

/** For one person a face, which says whether they are there; a sign for all else. */
function RoomMark({ room }: { room: ListedRoom }) {
  const { id, name, notify } = room
  const face = useFaceOf(room)
  if (face) return <PresentFace {...face} name={name} size="tiny" on="side" />
  return <Icon key={id} name={notify === 'nothing' ? 'muted' : roomIcon(room)} className="size-4.5 opacity-80" />
}

interface EntryProps {
  href: string
  isCurrent: boolean
  look: string
  title?: string
  children: ReactNode
}

function Entry({ href, isCurrent, look, title, children }: EntryProps) {
  const link = useRef<HTMLAnchorElement>(null)
  // In a long list: the room that is opened by its address.
  useEffect(() => {
    if (isCurrent) link.current?.scrollIntoView({ block: 'nearest' })
  }, [isCurrent])
  return (
    <Link
      ref={link}
      href={href}
      title={title}
      aria-current={isCurrent ? 'page' : undefined}
      className={`flex h-[34px] items-center gap-2.5 rounded-small px-2.5 hover:bg-hover aria-[current=page]:bg-selected aria-[current=page]:text-ink max-desk:h-11 max-desk:text-touch ${look}`}
    >
      {children}
    </Link>
  )
}

const WIDTHS = ['w-20', 'w-28', 'w-16'] as const

/** Seen only where the list takes long enough to be noticed. */
function Waiting() {
  return (
    <div className="animate-later" aria-busy="true">
      <p className="sr-only">Loading rooms</p>
      {WIDTHS.map((width) => (
        <div key={width} className="flex h-[34px] animate-breathe items-center gap-2.5 px-2.5 max-desk:h-11">
          <span className="size-4.5 rounded-small bg-line/70" />
          <span className={`h-3 rounded-small bg-line/70 ${width}`} />
        </div>
      ))}
    </div>
  )
}
