import { type RefObject, useEffect, useRef } from 'react'
import { isTaken } from '#shell/keys-taken.ts'
import { deedFor } from '#shell/use-keys.ts'
import { isFocusIdle, isFocusNowhere } from './focus.ts'

/** Whoever opens the room, or types while nothing or a link has the focus, means to write. Not on a phone: its keyboard would cover half the room. */
export function useFirstFocus(box: RefObject<HTMLTextAreaElement | null>, { isFinger }: { isFinger: boolean }): void {
  const hadFocus = useRef(false)
  useEffect(() => {
    if (isFinger) return
    const focus = () => {
      box.current?.focus({ preventScroll: true })
      // One writes on where the draft ends.
      if (!hadFocus.current) box.current?.setSelectionRange(box.current.value.length, box.current.value.length)
      hadFocus.current = true
    }
    if (isFocusNowhere()) focus()

    // The key itself then lands in the box.
    const onKeyDown = (event: KeyboardEvent) => writes(event) && isFocusIdle() && focus()
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [box, isFinger])
}

/** A space alone turns the page, and some keys do something else. */
function writes(event: KeyboardEvent): boolean {
  const { key, ctrlKey, metaKey, altKey } = event
  return [...key].length === 1 && key !== ' ' && !ctrlKey && !metaKey && !altKey && !isTaken(event) && deedFor(event) === null
}
