const PORTION_EVERY_MS = 20
/** Whoever would wait longer is better off coming again. */
const LINE_MAX_SECONDS = 3

/** Lets so many through a second, in small portions between which others get their turn of the loop. The rest stand in line, first come, first served [P4]. */
export class Pace implements Disposable {
  readonly #portion: number
  readonly #lineMax: number
  readonly #line: ((isThrough: boolean) => void)[] = []
  #left: number
  #timer: NodeJS.Timeout | null = null

  constructor({ perSecond }: { perSecond: number }) {
    this.#portion = Math.max(1, Math.round((perSecond * PORTION_EVERY_MS) / 1000))
    this.#lineMax = Math.ceil(perSecond * LINE_MAX_SECONDS)
    this.#left = this.#portion
  }

  /** Resolves when it is one's turn; with false at once where the line is too long. */
  async turn(): Promise<boolean> {
    if (this.#line.length >= this.#lineMax) return false
    this.#nextPortionLater()
    if (this.#left === 0) return new Promise((resolve) => this.#line.push(resolve))
    this.#left -= 1
    return true
  }

  [Symbol.dispose](): void {
    if (this.#timer) clearTimeout(this.#timer)
    for (const goes of this.#line.splice(0)) goes(false)
  }

  #nextPortionLater(): void {
    this.#timer ??= setTimeout(() => this.#nextPortion(), PORTION_EVERY_MS)
  }

  #nextPortion(): void {
    this.#timer = null
    const through = this.#line.splice(0, this.#portion)
    this.#left = this.#portion - through.length
    if (through.length > 0) this.#nextPortionLater()
    for (const goes of through) goes(true)
  }
}
