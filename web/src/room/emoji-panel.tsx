import { Popover } from '@base-ui/react/popover'
import { type KeyboardEvent, type RefObject, useRef, useState } from 'react'
import { useAccount } from '#account/use-account.ts'
import { isOn } from '#theme/is-on.ts'
import { emojiFor, rememberUsed } from './emoji.ts'

interface EmojiPanelProps {
  button: RefObject<HTMLElement | null>
  onChoose: (emoji: string) => void
  onClose: () => void
}

export function EmojiPanel({ button, onChoose, onClose }: EmojiPanelProps) {
  const first = useRef<HTMLButtonElement>(null)
  const { user } = useAccount()

  function choose(emoji: string): void {
    rememberUsed(user.id, emoji)
    onClose()
    onChoose(emoji)
  }

  return (
    <Popover.Root open onOpenChange={(open, { event }) => open || isOn(button.current, event) || onClose()}>
      {/* Within the page's landmark, for whom it is read out. */}
      <Popover.Portal container={button.current?.closest('main')}>
        <Popover.Positioner anchor={button} positionMethod="fixed" align="end" sideOffset={6} collisionPadding={12} className="z-30">
          <Popover.Popup
            aria-label="React"
            initialFocus={first}
            finalFocus={button}
            className="animate-appear rounded-large border border-line bg-raised p-1.5 shadow-float outline-none"
          >
            <EmojiGrid first={first} onChoose={choose} />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}

const COLUMNS = 6
const STEPS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -COLUMNS, ArrowDown: COLUMNS }

/** Tab reaches one of them; arrows move on from it. */
function EmojiGrid({ first, onChoose }: { first: RefObject<HTMLButtonElement | null>; onChoose: (emoji: string) => void }) {
  const { user } = useAccount()
  // As they stand when it opens: nothing moves under the finger.
  const [emoji] = useState(() => emojiFor(user.id))
  const [current, setCurrent] = useState(0)

  function onKeyDown(event: KeyboardEvent<HTMLElement>): void {
    const next = current + (STEPS[event.key] ?? NaN)
    const button = event.currentTarget.querySelectorAll('button')[next]
    if (!button) return
    event.preventDefault()
    setCurrent(next)
    button.focus()
  }

  return (
    <div role="group" aria-label="Emoji" onKeyDown={onKeyDown} className="grid grid-cols-6">
      {emoji.map(({ emoji, name }, at) => (
        <button
          key={emoji}
          ref={at === 0 ? first : null}
          type="button"
          aria-label={name}
          title={name}
          tabIndex={at === current ? 0 : -1}
          onFocus={() => setCurrent(at)}
          onClick={() => onChoose(emoji)}
          className="grid size-10 place-items-center rounded-medium text-[1.375rem] leading-none hover:bg-hover focus-visible:-outline-offset-2 coarse:size-12"
        >
          {emoji}
        </button>
      ))}
    </div>
  )
}
