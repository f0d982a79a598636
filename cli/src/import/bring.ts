import type { HistoryReport } from '@belfry/server/imports/history.ts'
import { planHistory, reportOf } from '@belfry/server/imports/plan-history.ts'
import type { Store } from '@belfry/server/store/store.ts'
import { operate } from '#data.ts'
import { counted, print, type Printing } from '#print.ts'
import type { Progress } from '#progress.ts'
import type { Reading } from './reading.ts'
import { reportText } from './report.ts'

/** How an import is run. */
export interface Bringing extends Printing {
  /** Reads and reports, and stores nothing. */
  dryRun?: boolean
}

type ForRoom = Reading & { room: { id: string; name: string } }

/** Stores what was read, in one transaction, and says what became of it. */
export async function bring(store: Store, reading: ForRoom, options: Bringing & { progress: Progress }): Promise<void> {
  const { dryRun = false, progress } = options
  const history = { ...reading.history, room: reading.room }
  progress.say(`${dryRun ? 'Comparing' : 'Storing'} ${counted(history.messages.length, 'message')}…`)
  const report: HistoryReport = dryRun
    ? await store.read(async (db) => reportOf(history, await planHistory(db, history)))
    : await operate(store, 'history.store', history)
  progress.say('')
  const { skipped, remarks } = reading
  const whole = { dryRun, ...report, skipped, remarks }
  print(options, { document: whole, text: reportText(whole) })
}
