import { appendFileSync, writeFileSync } from 'node:fs'
import type { Seen } from './told.ts'

/** What a screen shows of a message in the end. `n` null: it is not stored yet, as far as the screen knows. */
export interface Shown {
  id: string
  n: number | null
  changed: number
  text: string
  said: string | null
}

/** What happened to one client, in its order. A number: it was told the frame with that number. Times are milliseconds since the run began. */
export type Event =
  | number
  | { is: 'at'; ms: number }
  | { is: 'opened'; ms: number; door: number }
  | { is: 'welcomed'; epoch: string }
  | { is: 'closed'; code: number }
  /** Said that it follows these, each from a seq, or from the start. */
  | { is: 'follows'; from: Record<string, number | null> }
  | { is: 'unfollowed'; topic: string }
  | { is: 'called'; call: number; name: string; roomId: string; id: string; text: string }
  /** `code` null: it was done. `rows`: the messages that came with it. */
  | { is: 'answered'; call: number; code: string | null; isDuplicate: boolean; rows: Seen[] }
  /** What its person did, before anything was sent. */
  | { is: 'wrote'; id: string; roomId: string; said: string }
  /** A part of a room; `isWhole`: up to its beginning; `isNewest`: up to its end. */
  | { is: 'showed'; roomId: string; view: 'loading' | 'ready' | 'gone'; isWhole: boolean; isNewest: boolean; items: Shown[] }
  /** The inbox, the newest first; `isWhole`: there are no older ones. */
  | { is: 'counted'; unread: number; ids: string[]; isWhole: boolean }

const KEPT_TOGETHER = 2_000
/** An event came at most so long after the time that stands before it. */
export const TIME_MAX_MS = 20

/** Writes down what happens to one client, a line an event. */
export class Journal {
  readonly #path: string
  readonly #now: () => number
  readonly #unwritten: string[] = []
  #lastMs = -Infinity

  constructor(path: string, now: () => number) {
    this.#path = path
    this.#now = now
    writeFileSync(path, '')
  }

  note(event: Event): void {
    const ms = this.#now()
    if (ms - this.#lastMs >= TIME_MAX_MS) this.#write({ is: 'at', ms: (this.#lastMs = ms) })
    this.#write(event)
  }

  flush(): void {
    if (this.#unwritten.length > 0) appendFileSync(this.#path, this.#unwritten.splice(0).join(''))
  }

  #write(event: Event): void {
    this.#unwritten.push(`${JSON.stringify(event)}\n`)
    if (this.#unwritten.length >= KEPT_TOGETHER) this.flush()
  }
}
