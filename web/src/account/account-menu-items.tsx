import { Menu } from '@base-ui/react/menu'
import type { RefObject } from 'react'
import { Link } from 'wouter'
import { Icon, type IconName } from '#theme/icons.tsx'
import { isOn } from '#theme/is-on.ts'
import { useFinger } from '#theme/media.ts'
import { QuietItems } from './quiet-items.tsx'

interface AccountMenuItemsProps {
  button: RefObject<HTMLElement | null>
  isAdmin: boolean
  /** Until when one is not to be disturbed; null: one is. */
  quietUntil: number | null
  onQuiet: (forMs: number | null) => void
  onClose: () => void
  onKeys: () => void
  onSignOut: () => void
}

const ITEM = 'flex min-h-9 items-center gap-2.5 rounded-small px-2.5 outline-none select-none data-highlighted:bg-hover coarse:min-h-11'

export function AccountMenuItems(props: AccountMenuItemsProps) {
  const { button, isAdmin, quietUntil, onQuiet, onClose, onKeys, onSignOut } = props
  const isFinger = useFinger()
  return (
    <Menu.Root open modal={false} onOpenChange={(open, { event }) => open || isOn(button.current, event) || onClose()}>
      <Menu.Portal>
        <Menu.Positioner anchor={button} side="top" align="start" sideOffset={6} className="z-30">
          <Menu.Popup
            finalFocus={button}
            className="w-60 animate-appear rounded-medium border border-line bg-raised p-1 shadow-float outline-none"
          >
            <QuietItems until={quietUntil} onChoose={onQuiet} className={ITEM} />
            <Menu.Separator className="mx-2.5 my-1 h-px bg-line" />
            <LinkItem href="/account" icon="person" label="Your account" />
            {isAdmin && <LinkItem href="/admin" icon="sliders" label="Administration" />}
            {!isFinger && (
              <Menu.Item onClick={onKeys} className={ITEM}>
                <Icon name="keys" className="size-4.5 text-ink-2" />
                Shortcuts
              </Menu.Item>
            )}
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
