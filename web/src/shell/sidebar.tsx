import { AccountMenu } from '#account/account-menu.tsx'
import { useObservable } from '#account/observe.ts'
import { useAccount } from '#account/use-account.ts'
import { Icon } from '#theme/icons.tsx'
import { usePhone } from '#theme/media.ts'
import { RoomLinks } from './room-links.tsx'

/** Beside the page; on a phone it is the page, and no room is the current one. */
export function Sidebar({ roomId }: { roomId: string | null }) {
  const isPhone = usePhone()
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
        <h2 className="px-2.5 pt-2 pb-1.5 text-meta font-bold text-ink-3">Rooms</h2>
        <RoomLinks current={isPhone ? null : roomId} />
      </nav>
      <div className="flex-none border-t border-line p-2 pb-[max(0.5rem,env(safe-area-inset-bottom))]">
        <AccountMenu />
      </div>
    </div>
  )
}
