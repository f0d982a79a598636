import { PAGE_MAX_ITEMS } from '@belfry/protocol/limits.ts'

/** How many standing messages of a room are held at most, unless one asks for another number. */
export const HELD_MAX = 600

/** Measures that follow from it. */
export interface Bounds {
  /** Beyond so many those that are far from the reader are let go of, down to what is kept. */
  shownMax: number
  shownKept: number
  /** The same of the newest, while older ones are shown apart from them. */
  latestMax: number
  latestKept: number
  /** Around a message: enough to fill a screen above and below it. */
  aroundItems: number
  pageItems: number
}

export function boundsFor(heldMax: number): Bounds {
  const part = (share: number) => Math.max(1, Math.ceil(heldMax * share))
  return {
    shownMax: heldMax,
    shownKept: part(2 / 3),
    latestMax: part(1 / 3),
    latestKept: part(1 / 6),
    aroundItems: Math.min(PAGE_MAX_ITEMS, part(1 / 6)),
    pageItems: Math.min(PAGE_MAX_ITEMS, part(1 / 12)),
  }
}
