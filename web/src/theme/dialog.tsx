import { type ReactNode, useEffect, useEffectEvent, useId, useLayoutEffect, useRef, useState } from 'react'

interface DialogProps {
  title: string
  /** A question that must be answered first is an alert. */
  role?: 'dialog' | 'alertdialog'
  onClose: () => void
  /** Focuses something else when what had the focus before is gone. */
  onFocusLost?: (() => void) | undefined
  children: ReactNode
}

/**
 * The browser's own dialog: it keeps the focus inside, and closing it gives the focus back. The focus goes to its first control,
 * or to what is marked `data-first`.
 */
export function Dialog({ title, role = 'dialog', onClose, onFocusLost, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  const [closings, setClosings] = useState(0)
  useLayoutEffect(() => {
    const element = dialog.current
    if (element && !element.open) element.showModal()
    element?.querySelector<HTMLElement>('[data-first]')?.focus()
    // Taken out while open, it would keep the focus for nobody.
    return () => element?.close()
  }, [closings])
  useFocusLost(onFocusLost)

  return (
    <dialog
      ref={dialog}
      role={role}
      aria-labelledby={titleId}
      // Browsers close it over our heads when Escape is pressed again and again: unless it goes now, it opens anew.
      onClose={() => {
        onClose()
        setClosings((count) => count + 1)
      }}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      className="m-auto w-[calc(100%-2rem)] max-w-[26rem] animate-appear rounded-large border border-line bg-raised p-6 text-ink shadow-float backdrop:bg-veil"
    >
      <h2 id={titleId} className="mb-2 text-large font-bold">
        {title}
      </h2>
      {children}
    </dialog>
  )
}

/** Asked after the dialog and whatever went with it have left the page. */
function useFocusLost(onFocusLost: (() => void) | undefined): void {
  const refocus = useEffectEvent(() => {
    const focused = document.activeElement
    if (focused === null || focused === document.body) onFocusLost?.()
  })
  useEffect(() => () => refocus(), [])
}
