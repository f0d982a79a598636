/** Whether a key is not for the page: what is open over it comes first, and so does whoever has used it, or composes a letter with it. */
export function isTaken({ isComposing, defaultPrevented }: KeyboardEvent): boolean {
  return isComposing || defaultPrevented || document.querySelector('[role=dialog],[role=alertdialog],[role=menu]') !== null
}
