import { PAGE_MAX_ITEMS } from '@belfry/protocol/limits.ts'

interface Page<Item> {
  items: Item[]
  next: string | null
}

/** Asks for one page after the other, until there are as many as `max` or no more. */
export async function pagesOf<Item>(
  read: (asked: { cursor?: string; limit: number }) => Promise<Page<Item>>,
  max = Number.POSITIVE_INFINITY,
): Promise<Page<Item>> {
  const items: Item[] = []
  let next: string | null = null
  do {
    const page: Page<Item> = await read({ limit: Math.min(PAGE_MAX_ITEMS, max - items.length), ...(next !== null && { cursor: next }) })
    items.push(...page.items)
    next = page.next
  } while (next !== null && items.length < max)
  return { items, next }
}
