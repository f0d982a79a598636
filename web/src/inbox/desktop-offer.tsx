import { useState } from 'react'
import { Icon } from '#theme/icons.tsx'

/** A quiet line: the browser's own question is asked after a click and never before. */
export function DesktopOffer() {
  const [permission, setPermission] = useState(() => ('Notification' in window ? Notification.permission : 'denied'))
  if (permission !== 'default') return null
  return (
    <div className="flex-none border-t border-line p-1.5 coarse:hidden">
      <button
        type="button"
        onClick={() => void Notification.requestPermission().then(setPermission)}
        className="flex h-9 w-full items-center justify-center gap-2 rounded-medium text-small text-ink-2 hover:bg-hover hover:text-ink coarse:h-11"
      >
        <Icon name="bell" className="size-4" />
        Turn on desktop notifications
      </button>
    </div>
  )
}
