import { useRef, useState } from 'react'
import { Face } from '#theme/face.tsx'
import { Icon } from '#theme/icons.tsx'
import { laterPart } from '#theme/later-part.tsx'
import { useObservable } from './observe.ts'
import { SignOutDialog } from './sign-out-dialog.tsx'
import { useAccount } from './use-account.ts'

const AccountMenuItems = laterPart(() => import('./account-menu-items.tsx').then((part) => part.AccountMenuItems))

/** One's own name at the foot of the sidebar, and what one can do there. */
export function AccountMenu() {
  const { user, belfry } = useAccount()
  const me = useObservable(belfry.me) ?? user
  const button = useRef<HTMLButtonElement>(null)
  const [open, setOpen] = useState<'menu' | 'sign-out' | null>(null)
  return (
    <>
      <button
        ref={button}
        type="button"
        aria-haspopup="menu"
        aria-expanded={open === 'menu'}
        onClick={() => setOpen(open === 'menu' ? null : 'menu')}
        className="flex w-full items-center gap-2.5 rounded-medium p-2 text-left hover:bg-hover aria-expanded:bg-hover"
      >
        <Face id={me.id} name={me.name} picture={me.picture} size="small" />
        <span className="sr-only">Account: </span>
        <span className="min-w-0 flex-1">
          <span className="block truncate leading-tight font-medium">{me.name}</span>
          {me.username !== me.name && <span className="block truncate text-meta text-ink-3">{me.username}</span>}
        </span>
        <Icon name="up" className="size-4 text-ink-3" />
      </button>
      {open === 'menu' && (
        <AccountMenuItems
          button={button}
          isAdmin={me.role === 'admin'}
          onClose={() => setOpen((now) => (now === 'menu' ? null : now))}
          onSignOut={() => setOpen('sign-out')}
        />
      )}
      {open === 'sign-out' && <SignOutDialog onClose={() => setOpen(null)} onFocusLost={() => button.current?.focus()} />}
    </>
  )
}
