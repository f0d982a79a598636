import { type RefObject, useEffect } from 'react'
import { isFocusIdle, isFocusNowhere } from './focus.ts'

/** Whoever opens the room, or types while nothing has the focus that takes letters, means to write. Not on a phone: its keyboard would cover half the room. */
export function useFirstFocus(box: RefObject<HTMLTextAreaElement | null>, { isFinger }: { isFinger: boolean }): void {
  useEffect(() => {
    // One writes on where the draft ends.
    box.current?.setSelectionRange(box.current.value.length, box.current.value.length)
    if (isFinger) return
    if (isFocusNowhere()) box.current?.focus({ preventScroll: true })

    // The key itself then lands in the box.
    const onKeyDown = (event: KeyboardEvent) => writes(event) && isFocusIdle() && box.current?.focus()
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [box, isFinger])
}

/** A space alone turns the page. */
function writes({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  return [...key].length === 1 && key !== ' ' && !ctrlKey && !metaKey && !altKey
}
