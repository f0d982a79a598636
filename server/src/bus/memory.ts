import type { Announcement } from './announcement.ts'
import type { Bus } from './bus.ts'
import type { Signal } from './signal.ts'

/** The bus of a single process: each announcement reaches its listeners at once, in order. */
export function memoryBus(): Bus {
  const listeners: ((announcement: Announcement) => void)[] = []
  const signalListeners: ((signal: Signal) => void)[] = []
  return {
    isAlive: true,
    lapses: 0,
    stats: { messages: 0, dropped: 0 },
    publish(announcements) {
      for (const announcement of announcements) for (const listener of listeners) listener(announcement)
    },
    listen: (listener) => void listeners.push(listener),
    signal(signal) {
      for (const listener of signalListeners) listener(signal)
    },
    listenForSignals: (listener) => void signalListeners.push(listener),
    async [Symbol.asyncDispose]() {
      listeners.length = 0
      signalListeners.length = 0
    },
  }
}
