const PORTION_EVERY_MS = 20
/** Whoever would wait longer is better off coming again. */
const LINE_MAX_SECONDS = 3

/** Lets so many through a second, in small portions between which others get their turn of the loop. The rest stand in line, first come, first served [P4]. */
export class Pace implements Disposable {
  readonly #perPortion: number
  readonly #lineMax: number
  readonly #line: ((isThrough: boolean) => void)[] = []
  /** With what is less than one, and counts for the next. */
  #left: number
  #timer: NodeJS.Timeout | null = null

  constructor({ perSecond }: { perSecond: number }) {
    this.#perPortion = (perSecond * PORTION_EVERY_MS) / 1000
    this.#lineMax = Math.ceil(perSecond * LINE_MAX_SECONDS)
    this.#left = Math.max(1, this.#perPortion)
  }

  /** Resolves when it is one's turn; with false at once where the line is too long. */
  async turn(): Promise<boolean> {
    if (this.#line.length >= this.#lineMax) return false
    this.#nextPortionLater()
    if (this.#left < 1) return new Promise((resolve) => this.#line.push(resolve))
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
    this.#left = Math.min(this.#left + this.#perPortion, Math.max(1, this.#perPortion))
    const through = this.#line.splice(0, Math.floor(this.#left))
    this.#left -= through.length
    if (this.#line.length > 0 || this.#left < 1) this.#nextPortionLater()
    for (const goes of through) goes(true)
  }
}
