import { setTimeout as wait } from 'node:timers/promises'
import { type Browser, chromium } from 'playwright-core'

/** Longer than the way back through a long room may take, and all else that is measured. */
const STANDS_STILL_AFTER_MS = 360_000

/**
 * A Chromium that is started anew where it stands still: once in many hours it paints nothing more and leaves a turn of the wheel
 * unanswered, while the page in it goes on. What was being measured is then measured once more; the second time it is a failure.
 */
export class PatientChromium implements AsyncDisposable {
  readonly #executablePath: string
  #browser: Browser

  private constructor(executablePath: string, browser: Browser) {
    this.#executablePath = executablePath
    this.#browser = browser
  }

  static async launch(executablePath: string): Promise<PatientChromium> {
    return new PatientChromium(executablePath, await launch(executablePath))
  }

  async measure<T>(act: (browser: Browser) => Promise<T>): Promise<T> {
    try {
      return await withinReason(act(this.#browser))
    } catch (failure) {
      if (!(failure instanceof StandsStill)) throw failure
      console.log('  Chromium stands still. It is started anew, and what it did is done once more.')
      await this.#browser.close()
      this.#browser = await launch(this.#executablePath)
      return withinReason(act(this.#browser))
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close()
  }
}

class StandsStill extends Error {
  override name = 'StandsStill'
}

function launch(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
}

function withinReason<T>(measured: Promise<T>): Promise<T> {
  const patience = wait(STANDS_STILL_AFTER_MS, null, { ref: false }).then(() => {
    throw new StandsStill('Chromium stands still. Run the same command once more.')
  })
  return Promise.race([measured, patience])
}
