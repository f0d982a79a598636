import { setImmediate as nextTurn } from 'node:timers/promises'
import { Refusal } from '@belfry/server/lib/refusal.ts'

/** To be asked wherever an import can still end with nothing stored. SQLite leaves the loop no turn in which a Ctrl+C would be heard: here it gets one. */
export async function goesOn(stop: AbortSignal): Promise<void> {
  await nextTurn()
  if (stop.aborted) throw new Refusal('shutting-down', 'It was stopped before the end. Nothing was stored.')
}
