import { clock, localDay, shortDay } from '#theme/times.ts'

/** With the time: several devices may be of one kind and day. */
export function signedInWords(at: number, now: number, locale?: string): string {
  return `signed in ${shortDay(at, now, locale)} at ${clock(at, locale)}`
}

/** When a device was last used, which is known to the day. */
export function usedWords(at: number, now: number, locale?: string): string {
  return localDay(at) === localDay(now) ? 'used today' : `last used ${shortDay(at, now, locale)}`
}
