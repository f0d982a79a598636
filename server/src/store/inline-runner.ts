import { type BatchContext, runBatch } from './batch.ts'
import type { BatchRunner } from './write.ts'

/** Runs batches in place, on the caller's thread. */
export function inlineRunner(context: BatchContext): BatchRunner {
  return {
    run: (writes) => runBatch(context, writes),
    close: async () => context.connection.close(),
  }
}
