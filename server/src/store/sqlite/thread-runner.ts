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

/** The writer thread's nearer end. A thread that died is started anew with the next batch. */
export class ThreadRunner implements BatchRunner {
  readonly #script: URL
  readonly #start: WriterStart
  readonly #onMoved: () => void
  #worker: Worker | null = null
  #running: PromiseWithResolvers<BatchResult> | null = null

  /** `onMoved`: another process has committed to the file, or may have while no thread looked. */
  constructor(script: URL, start: WriterStart, onMoved: () => void) {
    this.#script = script
    this.#start = start
    this.#onMoved = onMoved
  }

  /** Resolves once the thread takes batches. */
  async open(): Promise<Worker> {
    const worker = new Worker(this.#script, { workerData: this.#start })
    worker.on('error', (error) => this.#lose(worker, error))
    worker.on('exit', (code) => this.#lose(worker, new Error(`the writer thread ended with code ${code}`)))
    await once(worker, 'message')
    worker.on('message', (message: FromWriter) => this.#hear(message))
    this.#worker = worker
    return worker
  }

  async run(writes: Write[]): Promise<BatchResult> {
    const worker = this.#worker ?? (await this.#openAgain())
    this.#running = Promise.withResolvers()
    worker.postMessage({ is: 'batch', writes } satisfies ToWriter)
    return this.#running.promise
  }

  async close(): Promise<void> {
    const worker = this.#worker
    if (!worker) return
    worker.postMessage({ is: 'close' } satisfies ToWriter)
    await once(worker, 'exit')
  }

  async #openAgain(): Promise<Worker> {
    try {
      const worker = await this.open()
      this.#onMoved()
      return worker
    } catch (error) {
      throw new NotSent(`the writer thread does not start: ${String(error)}`)
    }
  }

  #hear(message: FromWriter): void {
    if (message.is === 'moved') this.#onMoved()
    if (message.is === 'result') this.#running?.resolve(message.result)
  }

  /** What it was at may be committed or not. */
  #lose(worker: Worker, error: Error): void {
    if (this.#worker === worker) this.#worker = null
    this.#running?.reject(error)
    this.#running = null
  }
}
