import { type ReactNode, useState } from 'react'
import { Link, useLocation } from 'wouter'
import { AccountMenu } from '#account/account-menu.tsx'
import { useObservable } from '#account/observe.ts'
import { useAccount } from '#account/use-account.ts'
import { BROWSE_PATH } from '#account/paths.ts'
import { IconButton } from '#theme/button.tsx'
import { Icon } from '#theme/icons.tsx'
import { laterPart } from '#theme/later-part.tsx'
import { usePhone } from '#theme/media.ts'
import { ConnectionBar } from './connection-bar.tsx'
import { MarkAllRead } from './mark-all-read.tsx'
import { RoomLinks } from './room-links.tsx'
import { hasNews } from './room-sections.ts'

const NewRoomDialog = laterPart(() => import('./new-room-dialog.tsx').then((part) => part.NewRoomDialog))
const NewConversationDialog = laterPart(() => import('./new-conversation-dialog.tsx').then((part) => part.NewConversationDialog))

function NewRoom() {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <IconButton icon="plus" label="New room" size="small" aria-haspopup="dialog" onClick={() => setOpen(true)} />
      {isOpen && <NewRoomDialog onClose={() => setOpen(false)} />}
    </>
  )
}

function NewConversation() {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <IconButton icon="plus" label="New conversation" size="small" aria-haspopup="dialog" onClick={() => setOpen(true)} />
      {isOpen && <NewConversationDialog onClose={() => setOpen(false)} />}
    </>
  )
}

interface SidebarProps {
  roomId: string | null
  /** Beside the page it stands there. */
  bell: ReactNode
  onSwitch: () => void
  /** Lists the keys. */
  onKeys: () => void
}

/** Beside the page; on a phone it is the page, and no room is the current one. */
export function Sidebar({ roomId, bell, onSwitch, onKeys }: SidebarProps) {
  const isPhone = usePhone()
  const [path] = useLocation()
  const { user, belfry } = useAccount()
  const workspace = useObservable(belfry.workspace)
  const { items } = useObservable(belfry.rooms.list)
  const isGuest = user.role === 'guest'
  return (
    <div
      role={isPhone ? 'main' : 'complementary'}
      aria-label={isPhone ? undefined : 'Sidebar'}
      className="flex h-full min-h-0 flex-col border-line bg-side desk:border-r"
    >
      <div className="flex h-14 flex-none items-center pr-2 pl-4">
        <p
          {...(isPhone && { 'role': 'heading', 'aria-level': 1 })}
          className="flex min-w-0 flex-1 items-center gap-2 text-large font-bold tracking-tight"
        >
          <Icon name="tower" className="size-6 flex-none text-bell" />
          <span className="truncate">{workspace?.name ?? 'Belfry'}</span>
        </p>
        <IconButton icon="search" label="Go to a room or person (Ctrl+K)" aria-haspopup="dialog" onClick={onSwitch} />
        {isPhone && bell}
      </div>
      <nav aria-label="Rooms" tabIndex={-1} className="min-h-0 flex-1 overflow-y-auto px-2 pb-4 outline-none">
        <RoomLinks
          current={isPhone ? null : roomId}
          deeds={{
            ...(items.some(hasNews) && { unread: <MarkAllRead /> }),
            ...(!isGuest && { rooms: <NewRoom /> }),
            conversations: <NewConversation />,
          }}
          belowRooms={!isGuest && <BrowseLink isCurrent={path === BROWSE_PATH} />}
        />
      </nav>
      {isPhone && <ConnectionBar at="foot" />}
      <div className="flex-none border-t border-line p-2 pb-[max(0.5rem,env(safe-area-inset-bottom))]">
        <AccountMenu onKeys={onKeys} />
      </div>
    </div>
  )
}

function BrowseLink({ isCurrent }: { isCurrent: boolean }) {
  return (
    <Link
      href={BROWSE_PATH}
      className="mt-1 flex h-[34px] items-center gap-2.5 rounded-small px-2.5 text-small text-ink-2 hover:bg-hover aria-[current=page]:bg-selected aria-[current=page]:text-ink max-desk:h-11 max-desk:text-base"
      aria-current={isCurrent ? 'page' : undefined}
    >
      <Icon name="search" className="size-4.5 opacity-80" />
      Browse rooms
    </Link>
  )
}
