/** Whether the event happened on the element: a button's own click closes what it opened, so a press on it must not do so before. */
export function isOn(element: HTMLElement | null, event: Event): boolean {
  return event.target instanceof Node && element?.contains(event.target) === true
}
