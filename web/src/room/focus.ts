/** Puts the focus on a message that is on the page. */
export function focusMessage(id: string): void {
  messageElement(id)?.focus({ preventScroll: true })
}

const FRAMES_MAX = 30

/** The same for one that the list has yet to draw, or to measure: until then it is invisible, and takes no focus. Returns how to call it off. */
export function focusMessageSoon(id: string): () => void {
  let frames = 0
  let frame = 0
  const attempt = () => {
    const element = messageElement(id)
    element?.focus({ preventScroll: true })
    if ((!element || document.activeElement !== element) && frames++ < FRAMES_MAX) frame = requestAnimationFrame(attempt)
  }
  attempt()
  return () => cancelAnimationFrame(frame)
}

/** The message after this one, or before it at the end; false when there is none in view. */
export function focusBeside(id: string): boolean {
  const shown = [...document.querySelectorAll<HTMLElement>('[data-message]')]
  const at = shown.findIndex((element) => element.dataset['message'] === id)
  const beside = shown[at + 1] ?? shown[at - 1]
  beside?.focus({ preventScroll: true })
  return beside !== undefined
}

export function isFocusNowhere(): boolean {
  return document.activeElement === null || document.activeElement === document.body
}

/** Also on a link, which takes no letters: that by which one came stays the one that Tab goes on from. */
export function isFocusIdle(): boolean {
  return isFocusNowhere() || document.activeElement instanceof HTMLAnchorElement
}

function messageElement(id: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[data-message="${CSS.escape(id)}"]`)
}
