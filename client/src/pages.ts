import { ConnectionLost, RefusalError } from './errors.ts'
import type { PageAnswer, PageOf, Topic } from './topic.ts'

/** An answer that does not fit is asked for again, so often at most. */
export const PAGE_TRIES_MAX = 5

/**
 * Loads a page into its topic; resolves when it is there. `next`: what to ask for, as things stand now; null: there is nothing to load.
 * An answer that is null is not wanted any more.
 */
export async function loadPage<P extends PageOf>(
  topic: Topic,
  next: () => P | null,
  ask: (of: P) => Promise<PageAnswer | null>,
): Promise<void> {
  for (let tries = 0; tries < PAGE_TRIES_MAX; tries++) {
    if (!topic.position) throw new ConnectionLost('Nothing has been loaded yet.')
    const of = next()
    const page = of && topic.awaitPage(of)
    if (!page) return
    try {
      const answer = await ask(of)
      if (!answer || topic.takePage(page, answer)) return
    } finally {
      topic.dropPage(page)
    }
  }
  throw new RefusalError({ code: 'busy', detail: 'The page kept changing while it was loaded. Try again in a moment.' })
}
