import { type FormEvent, type KeyboardEvent, useRef, useState } from 'react'
import type { RoomHandle } from '@belfry/client/belfry.ts'
import { Icon } from '#theme/icons.tsx'
import { useDraft } from './draft.ts'
import { GrowingText } from './growing-text.tsx'
import { isComposing, type Length, lengthOf, sendable } from './message-body.ts'

interface ComposerProps {
  room: RoomHandle
  roomName: string
  onSent: () => void
  /** ↑ in an empty box. */
  onEditLast: () => void
}

export function Composer({ room, roomName, onSent, onEditLast }: ComposerProps) {
  const box = useRef<HTMLTextAreaElement>(null)
  const { text, setText, failure, send } = useSending(room, () => {
    onSent()
    box.current?.focus()
  })
  const length = lengthOf(text)

  function onKeyDown(event: KeyboardEvent): void {
    if (isComposing(event)) return
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault()
      send()
    }
    if (event.key === 'ArrowUp' && text === '') {
      event.preventDefault()
      onEditLast()
    }
  }

  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    send()
  }

  return (
    <form onSubmit={onSubmit} className="px-4 pb-[max(0.75rem,env(safe-area-inset-bottom))] desk:px-6 desk:pb-4">
      {failure && (
        <p role="alert" className="px-2 pb-2 text-small text-bad">
          Not sent, and kept below. {failure}
        </p>
      )}
      <div className="flex items-end gap-1 rounded-large border border-edge bg-raised p-1.5 focus-within:border-accent focus-within:ring-3 focus-within:ring-halo">
        <GrowingText
          ref={box}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKeyDown}
          aria-label={`Message ${roomName}`}
          placeholder={`Message ${roomName}`}
          enterKeyHint="send"
        />
        <button
          type="submit"
          aria-label="Send"
          title="Send (Enter)"
          disabled={!length.isSendable}
          className="grid size-9 flex-none place-items-center rounded-medium bg-accent text-on-accent hover:bg-accent-strong disabled:bg-hover disabled:text-ink-3 coarse:size-11"
        >
          <Icon name="send" />
        </button>
      </div>
      <LengthNote length={length} />
    </form>
  )
}

/** The draft, until it is in the outbox: what could not be put there stays in the box. */
function useSending(room: RoomHandle, onSent: () => void) {
  const [text, setText] = useDraft(room.id)
  const [failure, setFailure] = useState<string | null>(null)

  function send(): void {
    if (!lengthOf(text).isSendable) return
    try {
      room.post(sendable(text))
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error))
      return
    }
    setFailure(null)
    setText('')
    onSent()
  }

  return { text, setText, failure, send }
}

function LengthNote({ length }: { length: Length }) {
  if (!length.warning) return null
  return (
    <p role="status" className={`px-2 pt-1.5 text-right text-meta ${length.isSendable ? 'text-ink-3' : 'text-bad'}`}>
      {length.warning}
    </p>
  )
}
