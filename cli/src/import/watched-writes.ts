import { writes } from '@belfry/server/commands.ts'
import { type OnStored, storeHistory } from '@belfry/server/imports/store-history.ts'
import { inDigits } from '#print.ts'
import type { Progress } from '#progress.ts'
import { goesOn } from './goes-on.ts'

/** The writes, of which the one that stores a history says how far it is, and can be stopped: here it runs in this very process. */
export function watchedWrites(progress: Progress, stop: AbortSignal): typeof writes {
  const onStored: OnStored = async (messages, of) => {
    progress.say(`Stored ${inDigits(messages)} of ${inDigits(of)} messages…`)
    await goesOn(stop)
  }
  const one: (typeof writes)['history.store']['one'] = async (tx, write) => {
    const report = await storeHistory(tx, write, onStored)
    await goesOn(stop)
    return report
  }
  return { ...writes, 'history.store': { one } }
}
