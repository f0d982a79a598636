import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { BatchResult, Write } from './batch.ts'
import type { BatchRunner } from './write.ts'

/** What the writer thread is started with, and what crosses to and from it. */
export interface WriterStart {
  path: string
  epoch: string
}
export type ToWriter = { is: 'batch'; writes: Write[] } | { is: 'close' }
export type FromWriter = { is: 'ready' } | { is: 'result'; result: BatchResult } | { is: 'moved' }

/** The writer thread's nearer end. `onMoved`: another process has committed to the file. Rejects the running batch when the thread dies. */
export async function threadRunner(script: URL, start: WriterStart, onMoved: () => void): Promise<BatchRunner> {
  const worker = new Worker(script, { workerData: start })
  let waiting: PromiseWithResolvers<BatchResult> | null = null
  let dead: Error | null = null

  worker.on('message', (message: FromWriter) => {
    if (message.is === 'moved') onMoved()
    if (message.is === 'result') waiting?.resolve(message.result)
  })
  worker.on('error', (error) => die(error))
  worker.on('exit', (code) => die(new Error(`the writer thread ended with code ${code}`)))
  function die(error: Error): void {
    dead ??= error
    waiting?.reject(dead)
  }

  await once(worker, 'message')
  return {
    run(writes) {
      if (dead) return Promise.reject(dead)
      waiting = Promise.withResolvers()
      worker.postMessage({ is: 'batch', writes } satisfies ToWriter)
      return waiting.promise
    },
    async close() {
      if (dead) return
      worker.postMessage({ is: 'close' } satisfies ToWriter)
      await once(worker, 'exit')
    },
  }
}
