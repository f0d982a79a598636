import { writes } from '@belfry/server/commands.ts'
import { type OnStored, storeHistory } from '@belfry/server/imports/store-history.ts'
import { inDigits } from '#print.ts'
import type { Progress } from '#progress.ts'

/** The writes, of which the one that stores a history says how far it is: here it runs in this very process. */
export function watchedWrites(progress: Progress): typeof writes {
  const onStored: OnStored = (messages, of) => progress.say(`Stored ${inDigits(messages)} of ${inDigits(of)} messages…`)
  return { ...writes, 'history.store': { one: (tx, write) => storeHistory(tx, write, onStored) } }
}
