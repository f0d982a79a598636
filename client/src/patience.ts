import type { World } from './world.ts'

/** Storage that has not answered for so long is not waited for, until it answers within that time again. */
export const KEPT_WITHIN_MS = 5_000

/** Waits for storage, one question after the other, and knows whether it answers in time. */
export class Patience {
  readonly #world: World
  readonly #whenLate: () => void
  #isLate = false
  #stopWaiting = (): void => undefined

  /** `whenLate`: it has not answered in time, and again each time that it has not since. */
  constructor(world: World, whenLate: () => void) {
    this.#world = world
    this.#whenLate = whenLate
  }

  /** It did not answer in time, and has not done so since. */
  get isLate(): boolean {
    return this.#isLate
  }

  /** Resolves with the answer, however late; null: it refuses. */
  async waitFor<T>(answer: Promise<T>): Promise<T | null> {
    let isInTime = true
    const wait = () =>
      this.#world.after(KEPT_WITHIN_MS, () => {
        isInTime = false
        this.#isLate = true
        this.#stopWaiting = wait()
        this.#whenLate()
      })
    this.#stopWaiting = wait()
    const answered = await answer.catch(() => null)
    this.#stopWaiting()
    this.#isLate &&= !isInTime
    return answered
  }

  close(): void {
    this.#stopWaiting()
  }
}
