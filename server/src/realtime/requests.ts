export type Request = () => Promise<void>

/** So many of one connection run at a time: its writes may share a commit, and it takes no more than its share of the readers. */
const RUNNING_MAX = 8

/** What one connection has asked for, begun in the order in which it was asked. Others get their turn of the loop in between [P4]. */
export class Requests {
  readonly #waiting: Request[] = []
  readonly #mayBegin: () => boolean
  #running = 0
  #hasBegun = false

  /** `mayBegin`: whether the connection can take an answer now; who says no calls {@link Requests.next} when that changes. */
  constructor(mayBegin: () => boolean) {
    this.#mayBegin = mayBegin
  }

  get isWaiting(): boolean {
    return this.#waiting.length > 0
  }

  add(request: Request): void {
    this.#waiting.push(request)
    this.next()
  }

  /** Begins the next one, one in each turn of the loop: what it reads, it reads without a pause. */
  next(): void {
    if (this.#hasBegun || this.#running >= RUNNING_MAX || this.#waiting.length === 0 || !this.#mayBegin()) return
    this.#hasBegun = true
    setImmediate(() => {
      this.#hasBegun = false
      this.next()
    })
    void this.#run(this.#waiting.shift()!)
  }

  /** Nobody waits for what has not begun. */
  drop(): void {
    this.#waiting.length = 0
  }

  async #run(request: Request): Promise<void> {
    this.#running += 1
    try {
      await request()
    } finally {
      this.#running -= 1
      this.next()
    }
  }
}
