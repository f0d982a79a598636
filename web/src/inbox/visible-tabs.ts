const ANSWERS_WITHIN_MS = 150

/** The tabs of this browser ask each other whether one of them is in sight; asked anew each time, no tab that crashed is believed to be. */
export class VisibleTabs {
  readonly #line = 'BroadcastChannel' in globalThis ? new BroadcastChannel('belfry:visible') : null
  #onAnswer: (() => void) | null = null

  constructor() {
    this.#line?.addEventListener('message', ({ data }) => this.#heard(data))
  }

  /** Whether somebody looks at this tab or another one. */
  async isOneVisible(): Promise<boolean> {
    if (!document.hidden) return true
    const answer = new Promise<boolean>((resolve) => {
      this.#onAnswer = () => resolve(true)
      setTimeout(() => resolve(false), ANSWERS_WITHIN_MS)
    })
    this.#line?.postMessage('is one visible?')
    return answer
  }

  close(): void {
    this.#line?.close()
  }

  #heard(data: unknown): void {
    if (data === 'is one visible?' && !document.hidden) this.#line?.postMessage('yes')
    if (data === 'yes') this.#onAnswer?.()
  }
}
