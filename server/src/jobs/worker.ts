import type { Clock } from '#lib/clock.ts'
import type { Job } from '#store/schema.ts'
import type { Store } from '#store/store.ts'
import type { Claimed } from './claim-jobs.ts'
import { isJobDue } from './jobs.ts'

/** Whether something is due is asked this often: one look at an index. */
const LOOK_EVERY_MS = 500

/** Does one job. It has to be the same done twice; whatever it throws has it tried again, later. */
export type Work = (job: Job) => Promise<void>

export interface WorkerOptions {
  store: Store
  clock: Clock
  /** By the kind of job. */
  work: Record<string, Work>
  /** An attempt that failed, in words for the log. */
  onFailure(failure: string, error: unknown): void
  /** What failed each time until now does so no more. */
  onRecovery?(words: string): void
}

/** Does what was promised, one job after the other: claimed in a transaction of its own, and finished in that of its effect [W5]. */
export class Worker implements AsyncDisposable {
  readonly #options: WorkerOptions
  #timer: NodeJS.Timeout | undefined
  #working: Promise<void> | null = null
  #isOver = false
  /** The last look for jobs failed, which was said then. */
  #isStuck = false

  constructor(options: WorkerOptions) {
    this.#options = options
  }

  /** Looks from now on whether something is due. */
  start(): this {
    this.#timer = setInterval(() => void this.work(), LOOK_EVERY_MS)
    return this
  }

  /** Does all that is due; resolves when nothing is any more. Never rejects. */
  work(): Promise<void> {
    this.#working ??= this.#workOff().finally(() => (this.#working = null))
    return this.#working
  }

  /** What is under way is done; the rest waits for the next start. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true
    clearInterval(this.#timer)
    await this.#working
  }

  async #workOff(): Promise<void> {
    const { onFailure, onRecovery } = this.#options
    try {
      while (!this.#isOver && (await this.#isDue())) await this.#workOn()
      if (this.#isStuck) onRecovery?.('jobs can be taken again')
      this.#isStuck = false
    } catch (error) {
      if (!this.#isStuck) onFailure('jobs could not be taken', error)
      this.#isStuck = true
    }
  }

  #isDue(): Promise<boolean> {
    const { store, clock } = this.#options
    return store.read((db) => isJobDue(db, clock.now()))
  }

  async #workOn(): Promise<void> {
    const { store, onFailure } = this.#options
    const { jobs, givenUp } = await store.write<Claimed>({ name: 'job.claim', input: {}, actor: { is: 'operator' } })
    for (const { kind, id } of givenUp) onFailure(`the job ${kind} ${id} was given up`, new Error('nobody was heard of who began it'))
    await this.#doEach(jobs)
  }

  /** Those that are left when it is over are given back: another does them at once. */
  async #doEach(jobs: Job[]): Promise<void> {
    for (const job of jobs) await (this.#isOver ? this.#giveBack(job) : this.#do(job))
  }

  async #giveBack({ id, tries }: Job): Promise<void> {
    await this.#options.store.write({ name: 'job.release', input: { id, tries }, actor: { is: 'operator' } })
  }

  async #do(job: Job): Promise<void> {
    const { store, work, onFailure } = this.#options
    try {
      const does = work[job.kind]
      if (!does) throw new Error(`nothing does jobs of the kind ${job.kind}`)
      await does(job)
    } catch (error) {
      const { id, tries } = job
      const isOver = await store.write<boolean>({ name: 'job.delay', input: { id, tries }, actor: { is: 'operator' } })
      onFailure(isOver ? `the job ${job.kind} ${id} was given up` : `the job ${job.kind} ${id} is tried again`, error)
    }
  }
}
