import type { Announcement } from './announcement.ts'
import type { Bus } from './bus.ts'

/** The bus of a single process: each announcement reaches its listeners at once, in order. */
export function memoryBus(): Bus {
  const listeners: ((announcement: Announcement) => void)[] = []
  return {
    publish(announcements) {
      for (const announcement of announcements) for (const listener of listeners) listener(announcement)
    },
    listen: (listener) => void listeners.push(listener),
    async [Symbol.asyncDispose]() {
      listeners.length = 0
    },
  }
}
