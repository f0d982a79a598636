import { useRef, useState } from 'react'
import { Face } from '#theme/face.tsx'
import { Icon } from '#theme/icons.tsx'
import { laterPart } from '#theme/later-part.tsx'
import { PRESENCE_WORDS, PresenceDot } from '#theme/presence-dot.tsx'
import { untilWords } from './quiet-times.ts'
import { SignOutDialog } from './sign-out-dialog.tsx'
import { useAccount } from './use-account.ts'
import { usePresenceOf } from './use-presence-of.ts'
import { useQuiet } from './use-quiet.ts'

const AccountMenuItems = laterPart(() => import('./account-menu-items.tsx').then((part) => part.AccountMenuItems))

/** One's own name at the foot of the sidebar, and what one can do there. `onKeys` lists the keys. */
export function AccountMenu({ onKeys }: { onKeys: () => void }) {
  const { user } = useAccount()
  const quiet = useQuiet()
  const known = usePresenceOf(user.id)
  const presence = quiet.until === null ? known : 'dnd'
  const words = presence && PRESENCE_WORDS[presence]
  const button = useRef<HTMLButtonElement>(null)
  const [open, setOpen] = useState<'menu' | 'sign-out' | null>(null)
  return (
    <>
      {quiet.failure && (
        <p role="alert" className="px-2 pb-1.5 text-small text-bad">
          Do not disturb is as before. {quiet.failure}
        </p>
      )}
      <button
        ref={button}
        type="button"
        aria-haspopup="menu"
        aria-expanded={open === 'menu'}
        onClick={() => setOpen(open === 'menu' ? null : 'menu')}
        className="flex w-full items-center gap-2.5 rounded-medium p-2 text-left hover:bg-hover aria-expanded:bg-hover"
      >
        <span className="relative flex">
          <Face id={user.id} name={user.name} picture={user.picture} size="small" />
          <PresenceDot presence={presence} on="side" isMute />
        </span>
        <span className="sr-only">Account: </span>
        <span className="min-w-0 flex-1">
          <span className="block truncate leading-tight font-medium">{user.name}</span>
          {quiet.until !== null ? (
            <span className="block truncate text-meta text-ink-3">Do not disturb {untilWords(quiet.until, Date.now())}</span>
          ) : (
            user.username !== user.name && <span className="block truncate text-meta text-ink-3">{user.username}</span>
          )}
          {words && quiet.until === null && <span className="sr-only">, {words}</span>}
        </span>
        <Icon name="up" className="size-4 text-ink-3" />
      </button>
      {open === 'menu' && (
        <AccountMenuItems
          button={button}
          isAdmin={user.role === 'admin'}
          quietUntil={quiet.until}
          onQuiet={(forMs) => void quiet.choose(forMs)}
          onClose={() => setOpen((now) => (now === 'menu' ? null : now))}
          onKeys={onKeys}
          onSignOut={() => setOpen('sign-out')}
        />
      )}
      {open === 'sign-out' && <SignOutDialog onClose={() => setOpen(null)} onFocusLost={() => button.current?.focus()} />}
    </>
  )
}
