import type { Announcement } from '#bus/announcement.ts'
import { Refusal } from '#lib/refusal.ts'
import type { BatchResult, Outcome, Write } from './batch.ts'

/** Runs batches one after the other: in the writer thread at the server, in place for the command line and for tests. */
export interface BatchRunner {
  /** Rejects with {@link NotSent} when nothing was begun; after any other rejection it is not known what was stored. */
  run(writes: Write[]): Promise<BatchResult>
  close(): Promise<void>
}

/** The writer could not be reached. */
export class NotSent extends Error {
  override name = 'NotSent'
}

interface Waiting {
  write: Write
  resolve(result: unknown): void
  reject(error: Error): void
}

const WAITING_MAX = 20_000
/** A batch's weights together: 1 for most writes, more for those that ring many. */
const BATCH_MAX_WEIGHT = 1_000
const COME_AGAIN_MS = 500

/** Group commit [W4]: whatever arrives while a commit is in flight forms the next batch. No timer. */
export class WriteQueue implements AsyncDisposable {
  readonly #runner: BatchRunner
  readonly #announce: (announcements: Announcement[]) => void
  readonly #onFailure: (failure: string) => void
  readonly #weigh: (write: Write) => number
  readonly #waiting: Waiting[] = []
  #running: Promise<void> | null = null
  #closed = false
  readonly stats = { commits: 0, writes: 0, lastBatch: 0 }

  constructor(
    runner: BatchRunner,
    on: { announcements(announcements: Announcement[]): void; failure(failure: string): void; weigh(write: Write): number },
  ) {
    this.#runner = runner
    this.#weigh = on.weigh
    this.#announce = on.announcements
    this.#onFailure = on.failure
  }

  get length(): number {
    return this.#waiting.length
  }

  /** Resolves once committed; rejects with a {@link Refusal} when this attempt stored nothing, or when that is not known (`unknown`) [W2]. */
  add(write: Write): Promise<unknown> {
    if (this.#closed)
      return Promise.reject(new Refusal('shutting-down', 'The server is stopping. Try again in a moment.', { retryAfterMs: COME_AGAIN_MS }))
    if (this.#waiting.length >= WAITING_MAX) {
      return Promise.reject(
        new Refusal('busy', 'Too much is waiting to be stored. Try again in a moment.', { retryAfterMs: COME_AGAIN_MS }),
      )
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ write, resolve, reject })
      this.#running ??= this.#drain()
    })
  }

  /** Takes no more, and waits until what it has is committed and answered. */
  async stop(): Promise<void> {
    this.#closed = true
    await this.#running
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
    await this.#runner.close()
  }

  async #drain(): Promise<void> {
    // One turn of the loop, so that all that arrived in it is committed together.
    await new Promise(setImmediate)
    while (this.#waiting.length > 0) await this.#runBatch(this.#nextBatch())
    this.#running = null
  }

  /** As many as their weight allows, at least one: a batch holds up whoever comes after it. */
  #nextBatch(): Waiting[] {
    let weight = 0
    const over = this.#waiting.findIndex(({ write }, at) => (weight += this.#weigh(write)) > BATCH_MAX_WEIGHT && at > 0)
    return this.#waiting.splice(0, over < 0 ? this.#waiting.length : over)
  }

  async #runBatch(batch: Waiting[]): Promise<void> {
    try {
      const { outcomes, announcements } = await this.#runner.run(batch.map((one) => one.write))
      this.stats.commits += 1
      this.stats.writes += batch.length
      this.stats.lastBatch = batch.length
      this.#announce(announcements)
      for (const [at, outcome] of outcomes.entries()) this.#settle(batch[at]!, outcome)
    } catch (error) {
      this.#onFailure(`the writer failed: ${String(error)}`)
      const refusal = error instanceof NotSent ? unavailable('The database cannot be reached; nothing was stored.') : unknown()
      for (const one of batch) one.reject(refusal)
    }
  }

  #settle(one: Waiting, outcome: Outcome): void {
    switch (outcome.is) {
      case 'done':
        return one.resolve(outcome.result)
      case 'refused':
        return one.reject(new Refusal(outcome.refusal.code, outcome.refusal.detail, outcome.refusal))
      case 'failed':
        this.#onFailure(`${one.write.name} failed: ${outcome.failure}`)
        return one.reject(failureRefusal(outcome.because))
      case 'unknown':
        this.#onFailure(`${one.write.name} may be stored or not: ${outcome.failure}`)
        return one.reject(unknown())
      default:
        return outcome satisfies never
    }
  }
}

function unknown(): Refusal {
  return new Refusal('unknown', 'Whether this was stored is not known. Send it again with the same id.', { retryAfterMs: COME_AGAIN_MS })
}

const UNAVAILABLE_AGAIN_MS = 5_000

function unavailable(detail: string): Refusal {
  return new Refusal('unavailable', detail, { retryAfterMs: UNAVAILABLE_AGAIN_MS })
}

function failureRefusal(because: 'mistake' | 'disk-full' | 'locked'): Refusal {
  switch (because) {
    case 'disk-full':
      return unavailable('The disk of the server is full; nothing was stored.')
    case 'locked':
      return new Refusal('busy', 'Another program holds the database; nothing was stored. Try again in a moment.', {
        retryAfterMs: COME_AGAIN_MS,
      })
    case 'mistake':
      return new Refusal('internal', 'Something went wrong at the server; nothing was stored. Its log says more.')
    default:
      return because satisfies never
  }
}
