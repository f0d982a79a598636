import { Menu } from '@base-ui/react/menu'
import type { RefObject } from 'react'
import { Link } from 'wouter'
import { Icon, type IconName } from '#theme/icons.tsx'
import { isOn } from '#theme/is-on.ts'

interface AccountMenuItemsProps {
  button: RefObject<HTMLElement | null>
  isAdmin: boolean
  onClose: () => void
  onSignOut: () => void
}

const ITEM = 'flex h-9 items-center gap-2.5 rounded-small px-2.5 outline-none select-none data-highlighted:bg-hover coarse:h-11'

export function AccountMenuItems({ button, isAdmin, onClose, onSignOut }: AccountMenuItemsProps) {
  return (
    <Menu.Root open modal={false} onOpenChange={(open, { event }) => open || isOn(button.current, event) || onClose()}>
      <Menu.Portal>
        <Menu.Positioner anchor={button} side="top" align="start" sideOffset={6} className="z-30">
          <Menu.Popup
            finalFocus={button}
            className="w-60 animate-appear rounded-medium border border-line bg-raised p-1 shadow-float outline-none"
          >
            <LinkItem href="/account" icon="person" label="Your account" />
            {isAdmin && <LinkItem href="/admin" icon="sliders" label="Administration" />}
            <Menu.Item onClick={onSignOut} className={ITEM}>
              <Icon name="leave" className="size-4.5 text-ink-2" />
              Sign out
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  )
}

function LinkItem({ href, icon, label }: { href: string; icon: IconName; label: string }) {
  return (
    <Menu.LinkItem closeOnClick render={<Link href={href} />} className={ITEM}>
      <Icon name={icon} className="size-4.5 text-ink-2" />
      {label}
    </Menu.LinkItem>
  )
}
