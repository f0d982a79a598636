import type { Announcement } from '#bus/announcement.ts'
import { Refusal } from '#lib/refusal.ts'
import type { BatchResult, Outcome, Trouble, Write } from './batch.ts'

/** What has come in the lane since, as much as the batch still holds; may be called again until the batch has run. */
export type TakeMore = () => Write[]

/** Runs batches, those of one lane one after the other. */
export interface BatchRunner {
  /**
   * Rejects with {@link NotSent} when nothing was begun; after any other rejection it is not known what was stored. Whoever takes more runs that too, and its
   * outcomes follow in the order in which it was taken.
   */
  run(writes: Write[], takeMore: TakeMore): Promise<BatchResult>
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

/** So many writes may be under way, settled by nobody yet [P4]. */
const UNDER_WAY_MAX = 20_000
/** A batch's weights together: 1 for most writes, more for those that ring many. */
const BATCH_MAX_WEIGHT = 1_000
const COME_AGAIN_MS = 500
/** One outage may follow another, with nothing written in between. */
const TOLD_EVERY_MS = 60_000

export interface WriteQueueOptions {
  /** After each commit, before its writes are answered. */
  announcements(announcements: Announcement[]): void
  failure(failure: string): void
  weigh(write: Write): number
  /** Writes of one lane run one after the other, lanes beside each other. */
  laneOf(write: Write): string
}

/** Group commit [W4]: whatever arrives in a lane while a commit of it is in flight forms its next batch. No timer. */
export class WriteQueue implements AsyncDisposable {
  readonly #runner: BatchRunner
  readonly #options: WriteQueueOptions
  readonly #lanes = new Map<string, Waiting[]>()
  readonly #running = new Set<Promise<void>>()
  #underWay = 0
  #closed = false
  /** For which reasons the database has been away since it last answered, and when each was told. */
  readonly #told = new Map<string, number>()
  readonly stats = { commits: 0, writes: 0, lastBatch: 0 }

  constructor(runner: BatchRunner, options: WriteQueueOptions) {
    this.#runner = runner
    this.#options = options
  }

  /** How many are neither stored nor refused yet. */
  get underWay(): number {
    return this.#underWay
  }

  /** Resolves once committed; rejects with a {@link Refusal} when this attempt stored nothing, or when that is not known (`unknown`) [W2]. */
  add(write: Write): Promise<unknown> {
    if (this.#closed)
      return Promise.reject(new Refusal('shutting-down', 'The server is stopping. Try again in a moment.', { retryAfterMs: COME_AGAIN_MS }))
    if (this.#underWay >= UNDER_WAY_MAX) {
      return Promise.reject(
        new Refusal('busy', 'Too much is waiting to be stored. Try again in a moment.', { retryAfterMs: COME_AGAIN_MS }),
      )
    }
    return new Promise((resolve, reject) => this.#wait({ write, resolve, reject }))
  }

  /** Takes no more, and waits until what it has is committed and answered. */
  async stop(): Promise<void> {
    this.#closed = true
    await Promise.all(this.#running)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
    await this.#runner.close()
  }

  #wait(waiting: Waiting): void {
    this.#underWay += 1
    const name = this.#options.laneOf(waiting.write)
    const lane = this.#lanes.get(name)
    if (lane) return void lane.push(waiting)
    const running = this.#drain(name, [waiting]).finally(() => this.#running.delete(running))
    this.#running.add(running)
  }

  async #drain(name: string, lane: Waiting[]): Promise<void> {
    this.#lanes.set(name, lane)
    // One turn of the loop, so that all that arrived in it is committed together.
    await new Promise(setImmediate)
    while (lane.length > 0) await this.#runBatch(lane)
    this.#lanes.delete(name)
  }

  async #runBatch(lane: Waiting[]): Promise<void> {
    const batch: Waiting[] = []
    const takeMore = () => this.#take(lane, batch).map(({ write }) => write)
    const writes = takeMore()
    try {
      const { outcomes, announcements } = await this.#runner.run(writes, takeMore)
      this.stats.commits += 1
      this.stats.writes += batch.length
      this.stats.lastBatch = batch.length
      this.#options.announcements(announcements)
      for (const [at, outcome] of outcomes.entries()) this.#settle(batch[at]!, outcome)
    } catch (error) {
      this.#options.failure(`the writer failed: ${String(error)}`)
      const refusal = error instanceof NotSent ? failureRefusal('unreachable') : unknown()
      for (const one of batch) one.reject(refusal)
    } finally {
      this.#underWay -= batch.length
    }
  }

  /** Moves into a batch as many as its weight allows, and one at least into an empty one: a batch holds up whoever comes after it. Returns those. */
  #take(lane: Waiting[], batch: Waiting[]): Waiting[] {
    let weight = batch.reduce((sum, { write }) => sum + this.#options.weigh(write), 0)
    const over = lane.findIndex(({ write }, at) => (weight += this.#options.weigh(write)) > BATCH_MAX_WEIGHT && at + batch.length > 0)
    const taken = lane.splice(0, over < 0 ? lane.length : over)
    batch.push(...taken)
    return taken
  }

  #settle(one: Waiting, outcome: Outcome): void {
    switch (outcome.is) {
      case 'done':
        this.#told.clear()
        return one.resolve(outcome.result)
      case 'refused':
        this.#told.clear()
        return one.reject(new Refusal(outcome.refusal.code, outcome.refusal.detail, outcome.refusal))
      case 'failed':
        this.#tell(one, outcome)
        return one.reject(failureRefusal(outcome.because))
      case 'unknown':
        this.#options.failure(`${one.write.name} may be stored or not: ${outcome.failure}`)
        return one.reject(unknown())
      default:
        return outcome satisfies never
    }
  }

  /** That the database is away is told once a minute and reason, however many write meanwhile. */
  #tell({ write }: Waiting, { failure, because }: Extract<Outcome, { is: 'failed' }>): void {
    const [reason, now] = [failure.split('\n', 1)[0]!, performance.now()]
    if (because !== 'unreachable') this.#told.clear()
    else if (now - (this.#told.get(reason) ?? -Infinity) < TOLD_EVERY_MS) return
    else this.#told.set(reason, now)
    this.#options.failure(`${write.name} failed: ${failure}`)
  }
}

function unknown(): Refusal {
  return new Refusal('unknown', 'Whether this was stored is not known. Send it again with the same id.', { retryAfterMs: COME_AGAIN_MS })
}

const UNAVAILABLE_AGAIN_MS = 5_000

function unavailable(detail: string): Refusal {
  return new Refusal('unavailable', detail, { retryAfterMs: UNAVAILABLE_AGAIN_MS })
}

function failureRefusal(because: Trouble): Refusal {
  switch (because) {
    case 'unreachable':
      return unavailable('The database cannot be reached; nothing was stored. Try again in a moment.')
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
