import { type FormEvent, type KeyboardEvent, type Ref, useImperativeHandle, useRef, useState } from 'react'
import type { RoomHandle } from '@belfry/client/belfry.ts'
import { post } from '#account/posts.ts'
import { useAccount } from '#account/use-account.ts'
import { Icon } from '#theme/icons.tsx'
import { useFinger } from '#theme/media.ts'
import { joined, roomDraft, useDraft } from './draft.ts'
import { GrowingText } from './growing-text.tsx'
import { isComposing, type Length, lengthOf, sendable, sends } from './message-body.ts'
import { type Answering, AnsweringNote } from './answering-note.tsx'
import { NameList, namingProps } from './name-list.tsx'
import { useFirstFocus } from './use-first-focus.ts'
import { useNaming } from './use-naming.ts'

export interface ComposerHandle {
  focus: () => void
  isEmpty: () => boolean
  /** Puts a text that would be lost elsewhere below what stands in the box. */
  add: (text: string) => void
}

interface ComposerProps {
  ref: Ref<ComposerHandle>
  room: RoomHandle
  roomName: string
  /** What is answered. */
  answering: Answering | null
  onSent: () => void
  /** ↑ in an empty box. */
  onEditLast: () => void
}

export function Composer({ ref, room, roomName, answering, onSent, onEditLast }: ComposerProps) {
  const box = useRef<HTMLTextAreaElement>(null)
  const { draft, failure, send } = useSending(room, answering, () => {
    onSent()
    box.current?.focus()
  })
  const naming = useNaming({ room, box, text: draft.text, write: draft.write })
  const length = lengthOf(draft.text)
  const isFinger = useFinger()
  useFirstFocus(box, { isFinger })
  useImperativeHandle(ref, () => ({
    focus: () => box.current?.focus(),
    isEmpty: () => draft.text === '',
    add: (text) => draft.write(joined(draft.text, text)),
  }))

  function onKeyDown(event: KeyboardEvent): void {
    if (naming.onKeyDown(event)) return
    const deed = deedFor(event, { isFinger, isEmpty: draft.text === '', isAnswering: answering !== null })
    if (!deed) return
    event.preventDefault()
    const does = { send, editLast: onEditLast, endAnswer: () => answering?.onEnd() }
    does[deed]()
  }

  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    send()
  }

  return (
    <form onSubmit={onSubmit} className="relative px-4 pb-[max(0.75rem,env(safe-area-inset-bottom))] desk:px-6 desk:pb-4">
      {failure && (
        <p role="alert" className="px-2 pb-2 text-small text-bad">
          Not sent, and kept below. {failure}
        </p>
      )}
      <NameList naming={naming} />
      {answering && <AnsweringNote answering={answering} />}
      <div className="flex items-end gap-1 rounded-large border border-edge bg-raised p-1.5 focus-within:border-accent focus-within:ring-3 focus-within:ring-halo">
        <GrowingText
          ref={box}
          value={draft.text}
          onChange={(event) => draft.write(event.target.value)}
          onInput={() => {
            room.types()
            naming.look()
          }}
          onKeyDown={onKeyDown}
          {...namingProps(naming)}
          aria-label={`Message ${roomName}`}
          placeholder={`Message ${roomName}`}
          enterKeyHint={isFinger ? 'enter' : 'send'}
        />
        <SendButton isFinger={isFinger} disabled={!length.isSendable} />
      </div>
      <LengthNote length={length} />
    </form>
  )
}

/** What a key does in the box, besides writing. */
function deedFor(
  event: KeyboardEvent,
  at: { isFinger: boolean; isEmpty: boolean; isAnswering: boolean },
): 'send' | 'editLast' | 'endAnswer' | null {
  if (isComposing(event)) return null
  if (event.key === 'Escape' && at.isAnswering) return 'endAnswer'
  if (sends(event, at)) return 'send'
  return event.key === 'ArrowUp' && !event.altKey && at.isEmpty ? 'editLast' : null
}

function SendButton({ isFinger, disabled }: { isFinger: boolean; disabled: boolean }) {
  return (
    <button
      type="submit"
      aria-label="Send"
      title={isFinger ? 'Send' : 'Send (Enter)'}
      disabled={disabled}
      className="grid size-9 flex-none place-items-center rounded-medium bg-accent text-on-accent hover:bg-accent-strong disabled:bg-hover disabled:text-ink-3 coarse:size-11"
    >
      <Icon name="send" />
    </button>
  )
}

/** The draft, until it is in the outbox: what could not be put there stays in the box. */
function useSending(room: RoomHandle, answering: Answering | null, onSent: () => void) {
  const account = useAccount()
  const draft = useDraft(roomDraft(room.id))
  const [failure, setFailure] = useState<string | null>(null)

  function send(): void {
    if (!lengthOf(draft.text).isSendable) return
    try {
      const { id, isKept } = post(account, { roomId: room.id, body: sendable(draft.text), ...(answering && { replyTo: answering.id }) })
      if (isKept) draft.clear()
      else draft.sent(id)
      answering?.onEnd()
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error))
      return
    }
    setFailure(null)
    onSent()
  }

  return { draft, failure, send }
}

function LengthNote({ length }: { length: Length }) {
  if (!length.warning) return null
  return (
    <p role="status" className={`px-2 pt-1.5 text-right text-meta ${length.isSendable ? 'text-ink-3' : 'text-bad'}`}>
      {length.warning}
    </p>
  )
}
