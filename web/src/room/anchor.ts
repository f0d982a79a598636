/** The first message in view, and how far below the view's upper edge it begins (less than nothing: above it). */
export interface Anchor {
  key: string
  /** The message's number; null while it has none. */
  n: number | null
  top: number
}

export function anchorIn(view: HTMLElement | null): Anchor | null {
  if (!view) return null
  const edge = view.getBoundingClientRect().top
  for (const row of view.querySelectorAll<HTMLElement>('[data-message]')) {
    const { top, bottom } = row.getBoundingClientRect()
    if (bottom > edge) return { key: row.dataset['message']!, n: Number(row.dataset['n']) || null, top: top - edge }
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

/** Whether the view has moved down from one to the other. The offset does not tell: it also changes with what comes and goes above. */
export function isFurtherDown(now: Anchor | null, before: Anchor | null): boolean {
  if (!now?.n || !before?.n) return false
  return now.n === before.n ? now.top < before.top : now.n > before.n
}

/** Whether the message stands wholly in view. */
export function isInView(view: HTMLElement | null, key: string): boolean {
  const row = view?.querySelector(`[data-message="${CSS.escape(key)}"]`)
  if (!view || !row) return false
  const [inner, outer] = [row.getBoundingClientRect(), view.getBoundingClientRect()]
  return inner.top >= outer.top && inner.bottom <= outer.bottom
}

/** In the first frame rows are measured, in the second they stand. */
export function twoFramesLater(act: () => void): () => void {
  let frame = requestAnimationFrame(() => {
    frame = requestAnimationFrame(act)
  })
  return () => cancelAnimationFrame(frame)
}
