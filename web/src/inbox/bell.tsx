import { useRef, useState } from 'react'
import { Link } from 'wouter'
import { useObservable } from '#account/observe.ts'
import { useAccount } from '#account/use-account.ts'
import { countWords } from '#shell/count-words.ts'
import { ICON_BUTTON } from '#theme/button.tsx'
import { Icon } from '#theme/icons.tsx'
import { laterPart } from '#theme/later-part.tsx'
import { usePhone } from '#theme/media.ts'

const InboxPanel = laterPart(() => import('./inbox-panel.tsx').then((part) => part.InboxPanel))

/** Opens the inbox: a panel beside the room, on a phone a page. */
export function Bell() {
  const { counts } = useObservable(useAccount().belfry.inbox.view)
  const label = counts.unread > 0 ? `Inbox, ${countWords(counts.unread)} unread` : 'Inbox'
  if (usePhone()) {
    return (
      <Link href="/inbox" aria-label={label} title={label} className={ICON_BUTTON}>
        <BellMark unread={counts.unread} />
      </Link>
    )
  }
  return <BellButton label={label} unread={counts.unread} />
}

function BellButton({ label, unread }: { label: string; unread: number }) {
  const button = useRef<HTMLButtonElement>(null)
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <button
        ref={button}
        type="button"
        aria-label={label}
        title={label}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        className={ICON_BUTTON}
      >
        <BellMark unread={unread} />
      </button>
      {isOpen && <InboxPanel bell={button} onClose={() => setOpen(false)} />}
    </>
  )
}

function BellMark({ unread }: { unread: number }) {
  return (
    <>
      <Icon name="bell" />
      {unread > 0 && (
        <span className="absolute top-0 right-0 h-4.5 min-w-4.5 rounded-full bg-bell px-1 text-center text-tiny leading-4.5 font-bold text-on-bell ring-2 ring-ground">
          {countWords(unread)}
        </span>
      )}
    </>
  )
}
