import type { BatchRunner } from '#store/write.ts'
import { runBatch, type SqliteBatchContext } from './run-batch.ts'

/** Runs batches in place, on the caller's thread. */
export function inlineRunner(context: SqliteBatchContext): BatchRunner {
  return {
    run: (writes) => runBatch(context, writes),
    close: async () => context.connection.close(),
  }
}
