import { parentPort, workerData } from 'node:worker_threads'
import { writes } from '#commands.ts'
import { systemClock } from '#lib/clock.ts'
import { type BatchContext, runBatch } from '#store/batch.ts'
import { openWriter } from '#store/dialects/sqlite.ts'
import type { FromWriter, ToWriter, WriterStart } from '#store/thread-runner.ts'
import { watchFile } from '#store/watch-file.ts'

/** SQLite's writer thread [W6]: takes whole batches, so that disk waits never stall the loop that serves sockets. */
const start = workerData as WriterStart
const connection = openWriter(start.path)
const context: BatchContext = { connection, table: writes, now: systemClock.now, epoch: start.epoch }
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
