import type { Bus } from '#bus/bus.ts'
import type { Announcement } from '#bus/announcement.ts'
import type { Signal } from '#bus/signal.ts'

export type Fate = 'passes' | 'lost' | 'twice' | 'held'

/** A bus that makes use of all that its contract allows: it loses, repeats, delays and reorders, as a test decides. */
export class HostileBus implements Bus {
  isAlive = true
  lapses = 0
  readonly stats = { messages: 0, dropped: 0 }
  readonly held: Announcement[] = []
  readonly #listeners: ((announcement: Announcement) => void)[] = []
  readonly #signalListeners: ((signal: Signal) => void)[] = []
  fateOf: (announcement: Announcement) => Fate = () => 'passes'
  fateOfSignal: (signal: Signal) => Exclude<Fate, 'held'> = () => 'passes'

  publish(announcements: Announcement[]): void {
    for (const announcement of announcements) this.#send(announcement)
  }

  listen(listener: (announcement: Announcement) => void): void {
    this.#listeners.push(listener)
  }

  signal(signal: Signal): void {
    const fate = this.fateOfSignal(signal)
    const times = { lost: 0, passes: 1, twice: 2 }[fate]
    for (let time = 0; time < times; time++) for (const listener of this.#signalListeners) listener(structuredClone(signal))
  }

  listenForSignals(listener: (signal: Signal) => void): void {
    this.#signalListeners.push(listener)
  }

  /** Another process's copy. */
  says(announcement: Announcement): void {
    for (const listener of this.#listeners) listener(structuredClone(announcement))
  }

  /** What was held goes out, in the order that the test wants. */
  releases(order: (held: Announcement[]) => Announcement[] = (held) => held): void {
    for (const announcement of order(this.held.splice(0))) this.says(announcement)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listeners.length = 0
    this.#signalListeners.length = 0
  }

  #send(announcement: Announcement): void {
    const fate = this.fateOf(announcement)
    if (fate === 'held') this.held.push(structuredClone(announcement))
    if (fate === 'passes' || fate === 'twice') this.says(announcement)
    if (fate === 'twice') this.says(announcement)
  }
}
