import { type RefObject, useEffect } from 'react'
import { isTaken } from '#shell/keys-taken.ts'
import { deedFor } from '#shell/use-keys.ts'
import { isFocusIdle, isFocusNowhere } from './focus.ts'

/** Whoever opens the room, or types while nothing or a link has the focus, means to write. Not on a phone: its keyboard would cover half the room. */
export function useFirstFocus(box: RefObject<HTMLTextAreaElement | null>, { isFinger }: { isFinger: boolean }): void {
  useEndOfDraft(box)
  useEffect(() => {
    if (isFinger) return
    if (isFocusNowhere()) box.current?.focus({ preventScroll: true })

    // The key itself then lands in the box.
    const onKeyDown = (event: KeyboardEvent) => writes(event) && isFocusIdle() && box.current?.focus()
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [box, isFinger])
}

/** One writes on where the draft ends, or where one has pointed to. */
function useEndOfDraft(box: RefObject<HTMLTextAreaElement | null>): void {
  useEffect(() => {
    const element = box.current
    const over = new AbortController()
    const on = (event: 'focus' | 'mousedown', act?: () => void) =>
      element?.addEventListener(event, () => [act?.(), over.abort()], { signal: over.signal })
    on('focus', () => element?.setSelectionRange(element.value.length, element.value.length))
    on('mousedown')
    return () => over.abort()
  }, [box])
}

/** A space alone turns the page, and some keys do something else. */
function writes(event: KeyboardEvent): boolean {
  const { key, ctrlKey, metaKey, altKey } = event
  return [...key].length === 1 && key !== ' ' && !ctrlKey && !metaKey && !altKey && !isTaken(event) && deedFor(event) === null
}
