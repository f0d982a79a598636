import { Refusal } from '#lib/refusal.ts'
import type { Announcement } from '#bus/announcement.ts'
import type { BatchResult, Outcome, Write } from './batch.ts'

/** Runs batches one after the other: in the writer thread at the server, in place for the command line and for tests. */
export interface BatchRunner {
  run(writes: Write[]): Promise<BatchResult>
  close(): Promise<void>
}

interface Waiting {
  write: Write
  resolve(result: unknown): void
  reject(error: Error): void
}

const WAITING_MAX = 20_000
const BATCH_MAX = 1_000
const COME_AGAIN_MS = 500

/** Group commit [W4]: whatever arrives while a commit is in flight forms the next batch. No timer. */
export class WriteQueue implements AsyncDisposable {
  readonly #runner: BatchRunner
  readonly #announce: (announcements: Announcement[]) => void
  readonly #onFailure: (failure: string) => void
  readonly #waiting: Waiting[] = []
  #running: Promise<void> | null = null
  #closed = false
  readonly stats = { commits: 0, writes: 0, lastBatch: 0 }

  constructor(runner: BatchRunner, on: { announcements(announcements: Announcement[]): void; failure(failure: string): void }) {
    this.#runner = runner
    this.#announce = on.announcements
    this.#onFailure = on.failure
  }

  get length(): number {
    return this.#waiting.length
  }

  /** Resolves once committed; rejects with a {@link Refusal} when this attempt stored nothing, or when that is not known (`unknown`) [W2]. */
  add(write: Write): Promise<unknown> {
    if (this.#closed) return Promise.reject(new Refusal('shutting-down', 'The server is stopping. Try again in a moment.', { retryAfterMs: COME_AGAIN_MS }))
    if (this.#waiting.length >= WAITING_MAX) {
      return Promise.reject(new Refusal('busy', 'Too much is waiting to be stored. Try again in a moment.', { retryAfterMs: COME_AGAIN_MS }))
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
    while (this.#waiting.length > 0) await this.#runBatch(this.#waiting.splice(0, BATCH_MAX))
    this.#running = null
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
      this.#onFailure(`the writer died: ${String(error)}`)
      const unknown = new Refusal('unknown', 'Whether this was stored is not known. Send it again with the same id.', { retryAfterMs: COME_AGAIN_MS })
      for (const one of batch) one.reject(unknown)
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
      default:
        return outcome satisfies never
    }
  }
}

const DISK_FULL_AGAIN_MS = 5_000

function failureRefusal(because: 'mistake' | 'disk-full' | 'locked'): Refusal {
  switch (because) {
    case 'disk-full':
      return new Refusal('unavailable', 'The disk of the server is full; nothing was stored.', { retryAfterMs: DISK_FULL_AGAIN_MS })
    case 'locked':
      return new Refusal('busy', 'Another program holds the database; nothing was stored. Try again in a moment.', { retryAfterMs: COME_AGAIN_MS })
    case 'mistake':
      return new Refusal('internal', 'Something went wrong at the server; nothing was stored. Its log says more.')
    default:
      return because satisfies never
  }
}
