/** The first message in view, and how far below the view's upper edge it begins (less than nothing: above it). */
export interface Anchor {
  key: string
  top: number
}

export function anchorIn(view: HTMLElement | null): Anchor | null {
  if (!view) return null
  const edge = view.getBoundingClientRect().top
  for (const row of view.querySelectorAll<HTMLElement>('[data-message]')) {
    const { top, bottom } = row.getBoundingClientRect()
    if (bottom > edge) return { key: row.dataset['message']!, top: top - edge }
  }
  return null
}

/** Scrolls so that the message stands where it stood. */
export function putBack(view: HTMLElement | null, anchor: Anchor | null): void {
  const row = anchor && view?.querySelector(`[data-message="${CSS.escape(anchor.key)}"]`)
  if (!view || !row) return
  const off = row.getBoundingClientRect().top - view.getBoundingClientRect().top - anchor.top
  if (Math.abs(off) >= 1) view.scrollTop += off
}

/** In the first frame rows are measured, in the second they stand. */
export function twoFramesLater(act: () => void): () => void {
  let frame = requestAnimationFrame(() => {
    frame = requestAnimationFrame(act)
  })
  return () => cancelAnimationFrame(frame)
}
