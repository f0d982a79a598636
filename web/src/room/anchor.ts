/** So much is lost where heights are fractions: nobody has moved by that. */
const LOST_PX = 1

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

/** The first and the last number of what stands in view; null: nothing does that has one. */
export function endsOf(view: HTMLElement | null): [number, number] | [null, null] {
  if (!view) return [null, null]
  const { top, bottom } = view.getBoundingClientRect()
  const rows = [...view.querySelectorAll<HTMLElement>('[data-message]')].map((row) => ({
    n: Number(row.dataset['n']),
    at: row.getBoundingClientRect(),
  }))
  const numbers = rows.filter(({ n, at }) => n > 0 && at.bottom > top && at.top < bottom).map(({ n }) => n)
  return numbers.length > 0 ? [Math.min(...numbers), Math.max(...numbers)] : [null, null]
}

/** Scrolls so that the message stands where it stood. */
export function putBack(view: HTMLElement | null, anchor: Anchor | null): void {
  const off = howFarOff(view, anchor)
  if (view && off !== null && Math.abs(off) >= LOST_PX) view.scrollTop += off
}

/** Whether the view has moved down from `before` to `now`; null: it has not moved, or nobody can tell. A row tells: the offset also changes with what comes and goes above. */
export function isFurtherDown(view: HTMLElement | null, before: Anchor | null, now: Anchor | null): boolean | null {
  const off = howFarOff(view, before)
  if (off !== null) return Math.abs(off) < LOST_PX ? null : off < 0
  return before?.n && now?.n ? now.n > before.n : null
}

/** By how much it stands below where it stood, in pixels; null: it is not drawn. */
function howFarOff(view: HTMLElement | null, anchor: Anchor | null): number | null {
  const row = anchor && view?.querySelector(`[data-message="${CSS.escape(anchor.key)}"]`)
  return view && row ? row.getBoundingClientRect().top - view.getBoundingClientRect().top - anchor.top : null
}

/** Whether the message stands wholly in view. */
export function isInView(view: HTMLElement | null, key: string): boolean {
  const row = view?.querySelector(`[data-message="${CSS.escape(key)}"]`)
  if (!view || !row) return false
  const [inner, outer] = [row.getBoundingClientRect(), view.getBoundingClientRect()]
  return inner.top >= outer.top && inner.bottom <= outer.bottom
}

/** Once nothing leads elsewhere any more, and all that is drawn is measured. */
export function onceStill(isUnderWay: () => boolean, act: () => void): () => void {
  let stop = twoFramesLater(look)
  function look(): void {
    if (isUnderWay()) stop = twoFramesLater(look)
    else act()
  }
  return () => stop()
}

/** In the first frame rows are measured, in the second they stand. */
export function twoFramesLater(act: () => void): () => void {
  let frame = requestAnimationFrame(() => {
    frame = requestAnimationFrame(act)
  })
  return () => cancelAnimationFrame(frame)
}
