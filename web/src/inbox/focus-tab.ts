/** Where the focus goes when what had it has left the inbox: to the list's own tab. */
export function focusTab(): void {
  document.querySelector<HTMLElement>('[role=tab][aria-selected=true]')?.focus()
}
