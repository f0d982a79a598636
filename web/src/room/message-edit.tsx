import { type KeyboardEvent, useLayoutEffect, useRef, useState } from 'react'
import { Button } from '#theme/button.tsx'
import { GrowingText } from './growing-text.tsx'
import { isComposing, lengthOf, sendable } from './message-body.ts'

interface MessageEditProps {
  body: string
  onSave: (body: string) => void
  onCancel: () => void
}

/** One's own message, open for change where it stands. */
export function MessageEdit({ body, onSave, onCancel }: MessageEditProps) {
  const [text, setText] = useState(body)
  const box = useRef<HTMLTextAreaElement>(null)
  const length = lengthOf(text)
  useLayoutEffect(() => {
    box.current?.focus()
    box.current?.setSelectionRange(body.length, body.length)
  }, [body.length])

  function save(): void {
    if (length.isSendable) onSave(sendable(text))
  }

  function onKeyDown(event: KeyboardEvent): void {
    event.stopPropagation()
    if (isComposing(event)) return
    if (event.key === 'Escape') onCancel()
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault()
      save()
    }
  }

  return (
    <div className="my-1 rounded-large border border-accent bg-raised p-1.5 ring-3 ring-halo">
      <GrowingText
        ref={box}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
        aria-label="Edit message"
      />
      <div className="flex flex-wrap items-center gap-2 px-1 pb-0.5">
        <span className="mr-auto text-meta text-ink-3">
          {length.warning ?? <span className="coarse:hidden">Enter saves, Esc cancels</span>}
        </span>
        <Button size="small" onClick={onCancel}>
          Cancel
        </Button>
        <Button look="main" onClick={save} size="small" disabled={!length.isSendable}>
          Save
        </Button>
      </div>
    </div>
  )
}
