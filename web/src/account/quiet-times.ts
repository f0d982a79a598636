import { clock, localDay, shortDay } from '#theme/times.ts'

const MINUTE_MS = 60_000
const MORNING_HOUR = 8

/** For how long one may choose not to be disturbed. `now`: epoch milliseconds. */
export function quietTimes(now: number, locale?: string): { label: string; forMs: number }[] {
  const morning = tomorrowMorning(now)
  return [
    { label: 'For 30 minutes', forMs: 30 * MINUTE_MS },
    { label: 'For 1 hour', forMs: 60 * MINUTE_MS },
    { label: `Until tomorrow, ${clock(morning, locale)}`, forMs: morning - now },
  ]
}

/** 'until 14:30'; with the day where it is not today. */
export function untilWords(until: number, now: number, locale?: string): string {
  const day = localDay(until) === localDay(now) ? '' : `${shortDay(until, now, locale)}, `
  return `until ${day}${clock(until, locale)}`
}

/** Eight o'clock of the next day, as the reader's calendar has it. */
function tomorrowMorning(now: number): number {
  const today = new Date(now)
  return new Date(today.getFullYear(), today.getMonth(), today.getDate() + 1, MORNING_HOUR).getTime()
}
