import { useState } from 'react'
import { Link, useLocation } from 'wouter'
import { AccountMenu } from '#account/account-menu.tsx'
import { useObservable } from '#account/observe.ts'
import { useAccount } from '#account/use-account.ts'
import { BROWSE_PATH } from '#account/paths.ts'
import { IconButton } from '#theme/button.tsx'
import { Icon } from '#theme/icons.tsx'
import { laterPart } from '#theme/later-part.tsx'
import { usePhone } from '#theme/media.ts'
import { RoomLinks } from './room-links.tsx'

const NewRoomDialog = laterPart(() => import('./new-room-dialog.tsx').then((part) => part.NewRoomDialog))

function NewRoom() {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <IconButton icon="plus" label="New room" size="small" aria-haspopup="dialog" onClick={() => setOpen(true)} />
      {isOpen && <NewRoomDialog onClose={() => setOpen(false)} />}
    </>
  )
}

/** Beside the page; on a phone it is the page, and no room is the current one. */
export function Sidebar({ roomId }: { roomId: string | null }) {
  const isPhone = usePhone()
  const [path] = useLocation()
  const workspace = useObservable(useAccount().belfry.workspace)
  return (
    <div
      role={isPhone ? 'main' : 'complementary'}
      aria-label={isPhone ? undefined : 'Sidebar'}
      className="flex h-full min-h-0 flex-col border-line bg-side desk:border-r"
    >
      <p
        {...(isPhone && { 'role': 'heading', 'aria-level': 1 })}
        className="flex h-14 flex-none items-center gap-2 px-4 text-large font-bold tracking-tight"
      >
        <Icon name="tower" className="size-6 flex-none text-bell" />
        <span className="truncate">{workspace?.name ?? 'Belfry'}</span>
      </p>
      <nav aria-label="Rooms" className="min-h-0 flex-1 overflow-y-auto px-2 pb-4">
        <div className="flex items-center justify-between pl-2.5">
          <h2 className="text-meta font-bold text-ink-3">Rooms</h2>
          <NewRoom />
        </div>
        <RoomLinks current={isPhone ? null : roomId} />
        <Link
          href={BROWSE_PATH}
          className="mt-1 flex h-[34px] items-center gap-2.5 rounded-small px-2.5 text-small text-ink-2 hover:bg-hover aria-[current=page]:bg-selected aria-[current=page]:text-ink max-desk:h-11 max-desk:text-base"
          aria-current={path === BROWSE_PATH ? 'page' : undefined}
        >
          <Icon name="search" className="size-4.5 opacity-80" />
          Browse rooms
        </Link>
      </nav>
      <div className="flex-none border-t border-line p-2 pb-[max(0.5rem,env(safe-area-inset-bottom))]">
        <AccountMenu />
      </div>
    </div>
  )
}
