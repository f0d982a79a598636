import { useEffect, useEffectEvent, useState } from 'react'
import type { Notification } from '@belfry/protocol/rows.ts'
import { useObservable } from '#account/observe.ts'
import { useAccount } from '#account/use-account.ts'
import { IconButton } from '#theme/button.tsx'
import { Icon } from '#theme/icons.tsx'
import { useHidden } from '#theme/media.ts'
import { openInboxes } from './open-inbox.ts'
import { callsOut } from './ringing.ts'
import { useOpen } from './use-open.ts'

const SHOWN_MAX = 3
const SHOWN_FOR_MS = 7_000

/** What has just rung, for a moment. It is in the inbox too: nothing is lost when this goes. */
export function Toasts() {
  const { toasts, hold, dismiss } = useRung()
  return (
    <section
      aria-label="New notifications"
      aria-live="polite"
      className="pointer-events-none fixed inset-x-3 top-16 z-40 flex flex-col gap-2 desk:right-4 desk:left-auto desk:w-88"
    >
      {toasts.map((item) => (
        <Toast key={item.id} item={item} onHold={() => hold(item.id)} onDismiss={() => dismiss(item.id)} />
      ))}
    </section>
  )
}

/** Those that rang here and are still unread; read elsewhere, they go for good. One that is read here, in place, stays. */
function useRung() {
  const { inbox } = useAccount().belfry
  const isInboxOpen = useObservable(openInboxes) > 0
  const unread = useObservable(inbox.list('unread'))
  const [rung, setRung] = useState<readonly Notification[]>([])
  const [held, setHeld] = useState<string | null>(null)
  const ring = useEffectEvent((arrived: Notification[]) => {
    if (!isInboxOpen) setRung((now) => [...now, ...arrived.filter(callsOut)].slice(-SHOWN_MAX))
  })
  useEffect(() => inbox.onRing((arrived) => ring(arrived)), [inbox])

  const unreadIds = new Set(unread.items.map((item) => item.id))
  const standing = isInboxOpen ? [] : rung.filter((item) => unreadIds.has(item.id) || item.id === held)
  if (standing.length < rung.length) setRung(standing)
  return {
    toasts: standing,
    hold: setHeld,
    dismiss: (id: string) => setRung((now) => now.filter((item) => item.id !== id)),
  }
}

interface ToastProps {
  item: Notification
  onHold: () => void
  onDismiss: () => void
}

function Toast({ item, onHold, onDismiss }: ToastProps) {
  const goTo = useOpen()
  const [isOpen, setOpen] = useState(false)
  const holding = useTimeout(onDismiss, item.priority !== 'urgent' && !isOpen)
  function open(): void {
    onHold()
    if (goTo(item) || !item.body) onDismiss()
    else setOpen(!isOpen)
  }

  return (
    <div
      {...holding}
      className="pointer-events-auto relative flex animate-rise items-start gap-3 rounded-large border border-line bg-raised py-3 pr-2 pl-4 shadow-float"
    >
      <Icon name="bell" className="mt-0.5 size-5 text-bell" />
      <div className="min-w-0 flex-1">
        <button
          type="button"
          onClick={open}
          className="text-left leading-snug font-bold [overflow-wrap:anywhere] before:absolute before:inset-0 before:rounded-large"
        >
          {item.title}
        </button>
        {item.body && (
          <p
            className={`mt-0.5 text-small text-ink-2 [overflow-wrap:anywhere] ${isOpen ? 'relative max-h-[50dvh] overflow-y-auto whitespace-pre-wrap select-text' : 'line-clamp-2'}`}
          >
            {item.body}
          </p>
        )}
        {item.category && <p className="mt-0.5 truncate text-meta text-ink-3">{item.category}</p>}
      </div>
      <IconButton icon="close" label="Dismiss" onClick={onDismiss} className="-mt-1.5" />
    </div>
  )
}

/** Runs out, but not while the pointer or the focus is on it, or while nobody can see the page. */
function useTimeout(onEnd: () => void, runs: boolean) {
  const [isHeld, setHeld] = useState(false)
  const isHidden = useHidden()
  const end = useEffectEvent(onEnd)
  useEffect(() => {
    if (!runs || isHeld || isHidden) return
    const timer = setTimeout(() => end(), SHOWN_FOR_MS)
    return () => clearTimeout(timer)
  }, [runs, isHeld, isHidden])
  return {
    onPointerEnter: () => setHeld(true),
    onPointerLeave: () => setHeld(false),
    onFocus: () => setHeld(true),
    onBlur: () => setHeld(false),
  }
}
