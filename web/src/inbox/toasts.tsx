import { useEffect, useEffectEvent, useState } from 'react'
import type { Notification } from '@belfry/protocol/rows.ts'
import { useObservable } from '#account/observe.ts'
import { useAccount } from '#account/use-account.ts'
import { IconButton } from '#theme/button.tsx'
import { Icon } from '#theme/icons.tsx'
import { useOpen } from './use-open.ts'

const SHOWN_MAX = 3
const SHOWN_FOR_MS = 7_000

/** What has just rung, for a moment. It is in the inbox too: nothing is lost when this goes. */
export function Toasts() {
  const { toasts, dismiss } = useRung()
  return (
    <section
      aria-label="New notifications"
      aria-live="polite"
      className="pointer-events-none fixed inset-x-3 top-16 z-40 flex flex-col gap-2 desk:right-4 desk:left-auto desk:w-88"
    >
      {toasts.map((item) => (
        <Toast key={item.id} item={item} onDismiss={() => dismiss(item.id)} />
      ))}
    </section>
  )
}

/** Those that rang here and are still unread; read elsewhere, they go. */
function useRung() {
  const { inbox } = useAccount().belfry
  const [rung, setRung] = useState<readonly Notification[]>([])
  const unread = useObservable(inbox.list('unread'))
  useEffect(() => inbox.onRing((arrived) => setRung((now) => [...now, ...arrived].slice(-SHOWN_MAX))), [inbox])

  const standing = new Set(unread.items.map((item) => item.id))
  return {
    toasts: rung.filter((item) => standing.has(item.id)),
    dismiss: (id: string) => setRung((now) => now.filter((item) => item.id !== id)),
  }
}

function Toast({ item, onDismiss }: { item: Notification; onDismiss: () => void }) {
  const open = useOpen()
  const hold = useTimeout(onDismiss, item.priority !== 'urgent')
  return (
    <div
      {...hold}
      className="pointer-events-auto relative flex animate-rise items-start gap-3 rounded-large border border-line bg-raised py-3 pr-2 pl-4 shadow-float"
    >
      <Icon name="bell" className="mt-0.5 size-5 text-bell" />
      <div className="min-w-0 flex-1">
        <button
          type="button"
          onClick={() => {
            open(item)
            onDismiss()
          }}
          className="text-left leading-snug font-bold break-words [overflow-wrap:anywhere] before:absolute before:inset-0 before:rounded-large"
        >
          {item.title}
        </button>
        {item.body && <p className="mt-0.5 line-clamp-2 text-small break-words text-ink-2">{item.body}</p>}
        {item.category && <p className="mt-0.5 truncate text-meta text-ink-3">{item.category}</p>}
      </div>
      <IconButton icon="close" label="Dismiss" onClick={onDismiss} className="-mt-1.5" />
    </div>
  )
}

/** Runs out, but not while the pointer or the focus is on it. */
function useTimeout(onEnd: () => void, runs: boolean) {
  const [isHeld, setHeld] = useState(false)
  const end = useEffectEvent(onEnd)
  useEffect(() => {
    if (!runs || isHeld) return
    const timer = setTimeout(() => end(), SHOWN_FOR_MS)
    return () => clearTimeout(timer)
  }, [runs, isHeld])
  return {
    onPointerEnter: () => setHeld(true),
    onPointerLeave: () => setHeld(false),
    onFocus: () => setHeld(true),
    onBlur: () => setHeld(false),
  }
}
