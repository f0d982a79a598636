import { PAGE_DEFAULT_ITEMS } from '@belfry/protocol/limits.ts'

/** How a list is asked for, page by page. */
export interface PageAsked {
  /** Where the page before ended: its `next`. */
  cursor?: string | undefined
  limit?: number | undefined
}

/** How many rows to read for a page: one more than it holds says whether another follows. */
export function rowsToRead({ limit }: PageAsked): number {
  return (limit ?? PAGE_DEFAULT_ITEMS) + 1
}

/** The page of what was read for it; `next`: what to ask for the page after, null when there is none. */
export function pageOf<Row>(rows: Row[], asked: PageAsked, cursorOf: (row: Row) => string): { items: Row[]; next: string | null } {
  const items = rows.slice(0, rowsToRead(asked) - 1)
  return { items, next: rows.length > items.length ? cursorOf(items.at(-1)!) : null }
}
