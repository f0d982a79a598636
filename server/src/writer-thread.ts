import { parentPort, workerData } from 'node:worker_threads'
import { writes } from '#commands.ts'
import { systemClock } from '#lib/clock.ts'
import { openWriter } from '#store/sqlite/connection.ts'
import { runBatch, type SqliteBatchContext } from '#store/sqlite/run-batch.ts'
import type { FromWriter, ToWriter, WriterStart } from '#store/sqlite/thread-runner.ts'
import { watchFile } from '#store/sqlite/watch-file.ts'

/** What SQLite's writer thread does [W6]: takes whole batches, so that disk waits never stall the loop that serves sockets. */
const start = workerData as WriterStart
const connection = openWriter(start.path)
const context: SqliteBatchContext = { connection, table: writes, now: systemClock.now, epoch: start.epoch }
const stopWatching = watchFile(connection, () => tell({ is: 'moved' }))

parentPort!.on('message', (message: ToWriter) => {
  if (message.is === 'close') close()
  else void runBatch(context, message.writes).then((result) => tell({ is: 'result', result }))
})
tell({ is: 'ready' })

function tell(message: FromWriter): void {
  parentPort!.postMessage(message)
}

function close(): void {
  stopWatching()
  connection.close()
  parentPort!.close()
}
