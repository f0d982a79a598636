import { Link, useLocation } from 'wouter'
import { GENERAL_ROOM } from '@belfry/protocol/topics.ts'
import { AccountMenu } from '#account/account-menu.tsx'
import { useObservable } from '#account/observe.ts'
import { useAccount } from '#account/use-account.ts'
import { Icon } from '#theme/icons.tsx'
import { usePhone } from '#theme/media.ts'

/** Beside the page; on a phone it is the page. */
export function Sidebar() {
  const isPhone = usePhone()
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
        <Icon name="tower" className="size-6 text-bell" />
        Belfry
      </p>
      <nav aria-label="Rooms" className="min-h-0 flex-1 overflow-y-auto px-2 pb-4">
        <h2 className="px-2.5 pt-2 pb-1.5 text-meta font-bold text-ink-3">Rooms</h2>
        <ul>
          <li>
            <GeneralLink />
          </li>
        </ul>
      </nav>
      <div className="flex-none border-t border-line p-2 pb-[max(0.5rem,env(safe-area-inset-bottom))]">
        <AccountMenu />
      </div>
    </div>
  )
}

function GeneralLink() {
  const { belfry } = useAccount()
  const view = useObservable(belfry.room(GENERAL_ROOM).view)
  const [path] = useLocation()
  const isPhone = usePhone()
  const isHere = path === '/chat' && !isPhone
  return (
    <Link
      href="/chat"
      aria-current={isHere ? 'page' : undefined}
      className="flex h-[34px] items-center gap-2.5 rounded-small px-2.5 text-ink-2 hover:bg-hover aria-[current=page]:bg-selected aria-[current=page]:font-medium aria-[current=page]:text-ink max-desk:h-11 max-desk:text-touch"
    >
      <Icon name="hash" className="size-4.5 opacity-80" />
      <span className="truncate">{view.name || 'General'}</span>
    </Link>
  )
}
