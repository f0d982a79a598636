import { useRef, useState } from 'react'
import { Face } from '#theme/face.tsx'
import { Icon } from '#theme/icons.tsx'
import { laterPart } from '#theme/later-part.tsx'
import { SignOutDialog } from './sign-out-dialog.tsx'
import { useAccount } from './use-account.ts'

const AccountMenuItems = laterPart(() => import('./account-menu-items.tsx').then((part) => part.AccountMenuItems))

/** One's own name at the foot of the sidebar, and what one can do there. */
export function AccountMenu() {
  const { user } = useAccount()
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
        <Face id={user.id} name={user.name} picture={user.picture} size="small" />
        <span className="sr-only">Account: </span>
        <span className="min-w-0 flex-1">
          <span className="block truncate leading-tight font-medium">{user.name}</span>
          {user.username !== user.name && <span className="block truncate text-meta text-ink-3">{user.username}</span>}
        </span>
        <Icon name="up" className="size-4 text-ink-3" />
      </button>
      {open === 'menu' && (
        <AccountMenuItems
          button={button}
          isAdmin={user.role === 'admin'}
          onClose={() => setOpen((now) => (now === 'menu' ? null : now))}
          onSignOut={() => setOpen('sign-out')}
        />
      )}
      {open === 'sign-out' && <SignOutDialog onClose={() => setOpen(null)} onFocusLost={() => button.current?.focus()} />}
    </>
  )
}
