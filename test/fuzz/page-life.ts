import type { Keep, Kept } from '@belfry/client/belfry.ts'
import type { Dice } from '#bench/src/dice.ts'
import type { Time } from './time.ts'

const TAKES_MS_MAX = 30

/** One page's use of what its browser keeps. Each request takes a while, one after the other; when the page goes, some are done and some are not. */
export class PageLife {
  readonly keep: Keep
  readonly #time: Time
  readonly #dice: Dice
  readonly #asked = new Set<() => void>()
  readonly #hiding = new Set<() => void>()
  #isOver = false

  constructor(keep: Keep, { time, dice }: { time: Time; dice: Dice }) {
    this.#time = time
    this.#dice = dice
    this.keep = (userId) => this.#slow(keep(userId))
  }

  readonly onHide = (listener: () => void): (() => void) => {
    this.#hiding.add(listener)
    return () => void this.#hiding.delete(listener)
  }

  /** A crash is not announced; a closed tab is. */
  ends(): void {
    if (this.#dice.happens(0.5)) for (const listener of this.#hiding) listener()
    const done = [...this.#asked].slice(0, this.#dice.below(this.#asked.size + 1))
    for (const run of done) run()
    this.#asked.clear()
    this.#isOver = true
  }

  #slow(kept: Kept): Kept {
    return {
      outboxName: kept.outboxName,
      topics: () => this.#later(() => kept.topics()),
      putTopics: (copies) => this.#later(() => kept.putTopics(copies)),
      removeTopics: (which) => this.#later(() => kept.removeTopics(which)),
      outbox: (changes) => this.#later(() => kept.outbox(changes)),
      onNews: (listener) => kept.onNews((news) => this.#isOver || listener(news)),
      close: () => undefined,
      forget: () => this.#later(() => kept.forget()),
    }
  }

  #later<T>(act: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#isOver) return
      const run = () => void act().then((value) => this.#isOver || resolve(value), reject)
      this.#asked.add(run)
      this.#time.after(this.#dice.below(TAKES_MS_MAX), () => this.#runUpTo(run))
    })
  }

  #runUpTo(last: () => void): void {
    if (!this.#asked.has(last)) return
    for (const run of this.#asked) {
      this.#asked.delete(run)
      run()
      if (run === last) return
    }
  }
}
