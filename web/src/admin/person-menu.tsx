import { Menu } from '@base-ui/react/menu'
import { type ReactNode, useRef, useState } from 'react'
import { Link } from 'wouter'
import type { User } from '@belfry/protocol/rows.ts'
import { useAccount } from '#account/use-account.ts'
import { IconButton } from '#theme/button.tsx'
import { isOn } from '#theme/is-on.ts'
import type { Account } from './live-people.ts'
import { PasswordDialog } from './password-dialog.tsx'
import { RenameDialog } from './rename-dialog.tsx'
import { RoleDialog } from './role-dialog.tsx'
import { StateDialog } from './state-dialog.tsx'

/** What an account of each role can become, and what that is called. */
const ROLES_AFTER: Record<User['role'], readonly User['role'][]> = { admin: ['member'], member: ['admin', 'guest'], guest: ['member'] }
const BECOMING = { admin: 'Make administrator…', member: 'Make an ordinary member…', guest: 'Make a guest…' } as const

type Deed = 'rename' | 'password' | 'disable' | 'enable' | User['role']

export interface PersonDialogProps {
  account: Account
  onClose: () => void
  onFocusLost: () => void
  onChanged: () => void
}

/** What can be done to an account, one dialog each. */
export function PersonMenu({ account, onChanged }: { account: Account; onChanged: () => void }) {
  const button = useRef<HTMLButtonElement>(null)
  const [open, setOpen] = useState<'menu' | Deed | null>(null)
  const close = () => setOpen(null)
  // What was chosen has opened already when the menu closes.
  const closeMenu = () => setOpen((now) => (now === 'menu' ? null : now))
  const dialog = { account, onClose: close, onChanged, onFocusLost: () => button.current?.focus() }
  return (
    <>
      <IconButton
        ref={button}
        icon="more"
        label={`Actions for ${account.username}`}
        aria-haspopup="menu"
        aria-expanded={open === 'menu'}
        onClick={() => setOpen(open === 'menu' ? null : 'menu')}
      />
      {open === 'menu' && (
        <Menu.Root open modal={false} onOpenChange={(isOpen, { event }) => isOpen || isOn(button.current, event) || closeMenu()}>
          {/* Within the page's landmark, for whom it is read out. */}
          <Menu.Portal container={button.current?.closest('main')}>
            <Menu.Positioner anchor={button} positionMethod="fixed" align="end" sideOffset={4} className="z-30">
              <Menu.Popup
                finalFocus={button}
                className="w-60 animate-appear rounded-medium border border-line bg-raised p-1 shadow-float outline-none"
              >
                <PersonMenuItems account={account} onChoose={setOpen} />
              </Menu.Popup>
            </Menu.Positioner>
          </Menu.Portal>
        </Menu.Root>
      )}
      {open !== null && open !== 'menu' && <DeedDialog deed={open} {...dialog} />}
    </>
  )
}

function DeedDialog({ deed, ...props }: PersonDialogProps & { deed: Deed }) {
  switch (deed) {
    case 'rename':
      return <RenameDialog {...props} />
    case 'password':
      return <PasswordDialog {...props} />
    case 'disable':
    case 'enable':
      return <StateDialog deed={deed} {...props} />
    default:
      return <RoleDialog to={deed} {...props} />
  }
}

const ITEM = 'flex h-9 items-center rounded-small px-2.5 outline-none select-none data-highlighted:bg-hover coarse:h-11'

function PersonMenuItems({ account, onChoose }: { account: Account; onChoose: (deed: Deed) => void }) {
  const { user } = useAccount()
  const isEnabled = account.disabledAt === null
  const item = (deed: Deed, words: ReactNode) => (
    <Menu.Item key={deed} className={ITEM} onClick={() => onChoose(deed)}>
      {words}
    </Menu.Item>
  )
  return (
    <>
      {isEnabled && (
        <Menu.LinkItem className={ITEM} render={<Link href={`/admin/notify?to=${encodeURIComponent(account.username)}`} />}>
          Notify…
        </Menu.LinkItem>
      )}
      {item('rename', 'Rename…')}
      {account.id === user.id ? (
        <Menu.LinkItem className={ITEM} render={<Link href="/account" />}>
          Change your password…
        </Menu.LinkItem>
      ) : (
        item('password', 'Reset password…')
      )}
      {isEnabled && ROLES_AFTER[account.role].map((role) => item(role, BECOMING[role]))}
      {isEnabled ? item('disable', <span className="text-bad">Disable…</span>) : item('enable', 'Enable…')}
    </>
  )
}
