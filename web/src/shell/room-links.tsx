import { useEffect, useMemo, useRef } from 'react'
import { Link } from 'wouter'
import { useObservable } from '#account/observe.ts'
import { roomPath } from '#account/paths.ts'
import { useAccount } from '#account/use-account.ts'
import { FailedLine } from '#theme/failed-line.tsx'
import { Icon } from '#theme/icons.tsx'
import { GENERAL_ROOM } from '@belfry/protocol/topics.ts'
import { countWords } from './count-words.ts'
import { inSidebar } from './room-order.ts'

const GENERAL = { id: GENERAL_ROOM, name: 'General', kind: 'open', archivedAt: null, unread: 0 }

/** The rooms that one is in. `current`: the one on the page. */
export function RoomLinks({ current }: { current: string | null }) {
  const { rooms } = useAccount().belfry
  const { is, items } = useObservable(rooms.list)
  const listed = useMemo(() => inSidebar(items, current), [items, current])
  return (
    <>
      <ul>
        {(is === 'ready' ? listed : [GENERAL]).map(({ id, name, kind, archivedAt, unread }) => (
          <li key={id}>
            <RoomLink id={id} name={name} kind={archivedAt === null ? kind : 'archived'} unread={unread} isCurrent={id === current} />
          </li>
        ))}
      </ul>
      {is === 'loading' && <Waiting />}
      {is === 'failed' && (
        <p role="alert" className="px-2.5 py-2 text-small text-ink-2">
          <FailedLine onTryAgain={() => void rooms.refresh()}>The other rooms could not be loaded.</FailedLine>
        </p>
      )}
    </>
  )
}

interface RoomLinkProps {
  id: string
  name: string
  kind: string
  unread: number
  isCurrent: boolean
}

function RoomLink({ id, name, kind, unread, isCurrent }: RoomLinkProps) {
  const link = useRef<HTMLAnchorElement>(null)
  // In a long list: the room that is opened by its address.
  useEffect(() => {
    if (isCurrent) link.current?.scrollIntoView({ block: 'nearest' })
  }, [isCurrent])

  return (
    <Link
      ref={link}
      href={roomPath(id)}
      aria-current={isCurrent ? 'page' : undefined}
      className={`flex h-[34px] items-center gap-2.5 rounded-small px-2.5 hover:bg-hover aria-[current=page]:bg-selected aria-[current=page]:text-ink max-desk:h-11 max-desk:text-touch ${unread > 0 ? 'font-bold text-ink' : 'text-ink-2 aria-[current=page]:font-medium'}`}
    >
      <Icon name={kind === 'open' ? 'hash' : kind === 'archived' ? 'archive' : 'lock'} className="size-4.5 opacity-80" />
      <span className="truncate">{name}</span>
      {kind !== 'open' && <span className="sr-only">, {kind === 'archived' ? 'archived' : 'closed'}</span>}
      {unread > 0 && (
        <span className="ml-auto flex-none text-meta tabular-nums">
          <span className="sr-only">, </span>
          {countWords(unread)}
          <span className="sr-only"> unread</span>
        </span>
      )}
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
