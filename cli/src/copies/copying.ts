import { systemClock } from '@belfry/server/lib/clock.ts'
import { type Copy, copyDatabase } from '@belfry/server/store/copies/copy.ts'
import type { Source, Target } from '@belfry/server/store/copies/ends.ts'
import { counted, inDigits, localTime } from '#print.ts'
import { Progress } from '#progress.ts'
import { stopSignal } from '#stop-signal.ts'

/** Copies, and says on a terminal how far it is. Ctrl+C ends it, and leaves nothing behind. */
export async function copying(from: Source, into: Target): Promise<Copy> {
  using progress = new Progress()
  const onRows = (rows: number, of: number) =>
    progress.say(rows < of ? `Copied ${inDigits(rows)} of ${inDigits(of)} rows…` : `Comparing ${inDigits(of)} rows…`)
  return await copyDatabase(from, into, { now: () => systemClock.now(), signal: stopSignal(), onRows })
}

/** What is in a copy, as far as people know it. */
export function summaryOf({ moment, version, tables }: Copy) {
  const rowsOf = (name: string) => tables.find((table) => table.name === name)?.rows ?? 0
  return { moment, schema: version, messages: rowsOf('messages'), users: rowsOf('users') }
}

export function inWords({ messages, users, moment }: ReturnType<typeof summaryOf>): string {
  return `${counted(messages, 'message')} and ${inDigits(users)} ${users === 1 ? 'person' : 'people'}, as of ${localTime(moment)}`
}
