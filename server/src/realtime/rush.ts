/** So many that have come are a rush … */
const MANY = 1_000
/** … which is over with the second look in a row since the one before which so few came. */
const FEW = 50
const LOOKS = 2

/** Notices when many have come and hardly anybody still does. The start counts as a rush: it leaves as much behind. */
export class Rush {
  readonly #onOver: () => void
  #come = MANY
  #comeSinceLook = 0
  #quietLooks = 0

  constructor(onOver: () => void) {
    this.#onOver = onOver
  }

  comes(): void {
    this.#come += 1
    this.#comeSinceLook += 1
  }

  look(): void {
    this.#quietLooks = this.#comeSinceLook <= FEW ? this.#quietLooks + 1 : 0
    this.#comeSinceLook = 0
    if (this.#come < MANY || this.#quietLooks < LOOKS) return
    this.#come = 0
    this.#onOver()
  }
}
