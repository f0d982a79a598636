import { Popover } from '@base-ui/react/popover'
import type { RefObject } from 'react'
import { isOn } from '#theme/is-on.ts'
import { InboxView } from './inbox-view.tsx'
import { MarkAllRead } from './mark-all-read.tsx'

interface InboxPanelProps {
  bell: RefObject<HTMLElement | null>
  onClose: () => void
}

export function InboxPanel({ bell, onClose }: InboxPanelProps) {
  return (
    <Popover.Root open onOpenChange={(open, { event }) => open || isOn(bell.current, event) || onClose()}>
      <Popover.Portal>
        <Popover.Positioner anchor={bell} align="end" sideOffset={6} collisionPadding={12} className="z-30">
          <Popover.Popup
            finalFocus={bell}
            className="flex max-h-[min(36rem,calc(100dvh-5rem))] min-h-72 w-[25rem] animate-appear flex-col overflow-hidden rounded-large border border-line bg-raised shadow-float outline-none"
          >
            <div className="flex flex-none items-center pt-2 pr-2 pl-4">
              <Popover.Title className="mr-auto text-large font-bold">Inbox</Popover.Title>
              <MarkAllRead />
            </div>
            <InboxView onOpened={onClose} />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}
