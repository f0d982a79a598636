/** Puts the focus on a message that is on the page. */
export function focusMessage(id: string): void {
  messageElement(id)?.focus({ preventScroll: true })
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

function messageElement(id: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[data-message="${CSS.escape(id)}"]`)
}
