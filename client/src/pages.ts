import { ConnectionLost, RefusalError } from './errors.ts'
import type { AwaitedPage, PageAnswer, Topic } from './topic.ts'
import type { WindowName } from './windows.ts'

/** An answer that does not fit is asked for again, so often at most. */
export const PAGE_TRIES_MAX = 5

/** Loads what comes next in a list into its topic; resolves when it is there. `window` null: rows by id. */
export async function loadPage(topic: Topic, window: WindowName | null, ask: (page: AwaitedPage) => Promise<PageAnswer>): Promise<void> {
  for (let tries = 0; tries < PAGE_TRIES_MAX; tries++) {
    const page = topic.awaitPage(window)
    if (!page) throw new ConnectionLost('Nothing has been loaded yet.')
    try {
      if (window && page.before === null) return
      if (topic.takePage(page, await ask(page))) return
    } finally {
      topic.dropPage(page)
    }
  }
  throw new RefusalError({ code: 'busy', detail: 'The page kept changing while it was loaded. Try again in a moment.' })
}
