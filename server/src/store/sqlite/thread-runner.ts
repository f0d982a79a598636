import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { BatchResult, Write } from '#store/batch.ts'
import { type BatchRunner, NotSent } from '#store/write.ts'

/** What the writer thread is started with, and what crosses to and from it. */
export interface WriterStart {
  path: string
  epoch: string
}
export type ToWriter = { is: 'batch'; writes: Write[] } | { is: 'close' }
export type FromWriter = { is: 'ready' } | { is: 'result'; result: BatchResult } | { is: 'moved' }

/** The writer thread's nearer end. It starts while others go on; one that died is started anew with the next batch. */
export class ThreadRunner implements BatchRunner {
  readonly #script: URL
  readonly #start: WriterStart
  readonly #onMoved: () => void
  /** Null: it died, or did not start. */
  #worker: Promise<Worker> | null
  #running: PromiseWithResolvers<BatchResult> | null = null

  /** `onMoved`: another process has committed to the file, or may have while no thread looked. */
  constructor(script: URL, start: WriterStart, onMoved: () => void) {
    this.#script = script
    this.#start = start
    this.#onMoved = onMoved
    this.#worker = this.#open()
  }

  async run(writes: Write[]): Promise<BatchResult> {
    const worker = await this.#opened()
    this.#running = Promise.withResolvers()
    worker.postMessage({ is: 'batch', writes } satisfies ToWriter)
    return this.#running.promise
  }

  /** Resolves once the thread takes batches; rejects when it does not start. */
  async ready(): Promise<void> {
    await this.#opened()
  }

  async close(): Promise<void> {
    const worker = await this.#worker?.catch(() => null)
    if (!worker) return
    worker.postMessage({ is: 'close' } satisfies ToWriter)
    await once(worker, 'exit')
  }

  async #opened(): Promise<Worker> {
    try {
      return await (this.#worker ??= this.#open())
    } catch (error) {
      throw new NotSent(`the writer thread does not start: ${String(error)}`)
    }
  }

  #open(): Promise<Worker> {
    const worker = new Worker(this.#script, { workerData: this.#start })
    const { promise: opening, resolve, reject } = Promise.withResolvers<Worker>()
    const lose = (error: Error) => {
      reject(error)
      this.#lose(opening, error)
    }
    worker.once('message', () => resolve(worker))
    worker.on('error', lose)
    worker.on('exit', (code) => lose(new Error(`the writer thread ended with code ${code}`)))
    worker.on('message', (message: FromWriter) => this.#hear(message))
    // Whoever waits for it is told.
    opening.catch(() => {})
    return opening
  }

  /** What was committed before it was there is found now. */
  #hear(message: FromWriter): void {
    if (message.is !== 'result') this.#onMoved()
    else this.#running?.resolve(message.result)
  }

  /** What it was at may be committed or not. */
  #lose(opening: Promise<Worker>, error: Error): void {
    // Another has its place already: what that one is at is not lost.
    if (this.#worker !== opening) return
    this.#worker = null
    this.#running?.reject(error)
    this.#running = null
  }
}
