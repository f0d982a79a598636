import { type KeyboardEvent, type RefObject, useLayoutEffect, useRef, useState } from 'react'
import type { RoomHandle, TimelineItem } from '@belfry/client/belfry.ts'
import { changePost } from '#account/posts.ts'
import { useAccount } from '#account/use-account.ts'
import { Button } from '#theme/button.tsx'
import { useFinger } from '#theme/media.ts'
import { editDraft, useDraft } from './draft.ts'
import { GrowingText } from './growing-text.tsx'
import { isComposing, lengthOf, sendable, sends } from './message-body.ts'
import { NameList, namingProps } from './name-list.tsx'
import { useNaming } from './use-naming.ts'

interface MessageEditProps {
  room: RoomHandle
  item: TimelineItem
  /** Answers whether it could be done. */
  onSave: (body: string) => boolean
  onEnd: () => void
}

/** One's own message, open for change where it stands. */
export function MessageEdit({ room, item, onSave, onEnd }: MessageEditProps) {
  const account = useAccount()
  const draft = useDraft(editDraft(item.id), item.body)
  const box = useRef<HTMLTextAreaElement>(null)
  const isFinger = useFinger()
  const naming = useNaming({ room, box, text: draft.text, write: draft.write })
  const length = lengthOf(draft.text)
  useFocusAtEnd(box)

  function end(): void {
    draft.clear()
    onEnd()
  }

  function save(): void {
    const body = sendable(draft.text)
    if (!length.isSendable || !onSave(body)) return
    changePost(account, item.id, body)
    draft.sent(item.id)
    onEnd()
  }

  function onKeyDown(event: KeyboardEvent): void {
    event.stopPropagation()
    if (naming.onKeyDown(event)) return
    if (event.key === 'Escape' && !isComposing(event)) end()
    if (!sends(event, { isFinger })) return
    event.preventDefault()
    save()
  }

  return (
    <div className="relative my-1 rounded-large border border-accent bg-raised p-1.5 ring-3 ring-halo">
      <NameList naming={naming} />
      <GrowingText
        ref={box}
        value={draft.text}
        onChange={(event) => draft.write(event.target.value)}
        onInput={naming.look}
        onKeyDown={onKeyDown}
        {...namingProps(naming)}
        aria-label="Edit message"
        enterKeyHint={isFinger ? 'enter' : 'done'}
      />
      <ChangedElsewhere body={item.body} text={draft.text} />
      <div className="flex flex-wrap items-center gap-2 px-1 pb-0.5">
        <span className="mr-auto text-meta text-ink-3">
          {length.warning ?? <span className="coarse:hidden">Enter saves, Esc cancels</span>}
        </span>
        <Button size="small" onClick={end}>
          Cancel
        </Button>
        <Button look="main" onClick={save} size="small" disabled={!length.isSendable}>
          Save
        </Button>
      </div>
    </div>
  )
}

/** Says so where the message is neither what it was as it was opened, nor what is being written. */
function ChangedElsewhere({ body, text }: { body: string; text: string }) {
  const [opened] = useState(body)
  if (body === opened || body === text) return null
  return (
    <p role="status" className="px-1 pb-1 text-small text-ink-2">
      You have changed it elsewhere meanwhile. It says now: <q className="[overflow-wrap:anywhere] whitespace-pre-wrap text-ink">{body}</q>{' '}
      Saving replaces that.
    </p>
  )
}

function useFocusAtEnd(box: RefObject<HTMLTextAreaElement | null>): void {
  useLayoutEffect(() => {
    const element = box.current
    element?.focus()
    element?.setSelectionRange(element.value.length, element.value.length)
  }, [box])
}
