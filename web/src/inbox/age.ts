import { shortDay } from '#theme/times.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** How long ago, in few letters: 'now', '2 min', '3 h', '5 d', then the date. */
export function age(at: number, now: number, locale?: string): string {
  const ms = now - at
  if (ms < MINUTE_MS) return 'now'
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)} min`
  if (ms < DAY_MS) return `${Math.floor(ms / HOUR_MS)} h`
  if (ms < 7 * DAY_MS) return `${Math.floor(ms / DAY_MS)} d`
  return shortDay(at, now, locale)
}
