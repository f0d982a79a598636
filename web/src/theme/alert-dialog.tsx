import { type ReactNode, useEffect, useId, useRef } from 'react'

interface AlertDialogProps {
  title: string
  onClose: () => void
  children: ReactNode
}

/** A question that must be answered first. The browser's own dialog: it keeps the focus inside and gives it back. */
export function AlertDialog({ title, onClose, children }: AlertDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  useEffect(() => {
    const element = dialog.current
    if (element && !element.open) element.showModal()
  }, [])

  return (
    <dialog
      ref={dialog}
      role="alertdialog"
      aria-labelledby={titleId}
      onClose={onClose}
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
