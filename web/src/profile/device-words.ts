import { localDay, shortDay } from '#theme/times.ts'

/** When a device was last used, which is known to the day. */
export function usedWords(at: number, now: number, locale?: string): string {
  return localDay(at) === localDay(now) ? 'used today' : `last used ${shortDay(at, now, locale)}`
}
