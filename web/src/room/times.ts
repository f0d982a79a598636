/** Times as the browser's language writes them, in the reader's own time zone. `locale` is for tests. */

export function clock(at: number, locale?: string): string {
  return new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' }).format(at)
}

/** 'Sunday, 22 November 2026 at 09:41' */
export function fullDate(at: number, locale?: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'short' }).format(at)
}

/** 'Sunday, 22 November'; with the year where it is not this one. */
export function dayLabel(at: number, now: number, locale?: string): string {
  const isThisYear = new Date(at).getFullYear() === new Date(now).getFullYear()
  return new Intl.DateTimeFormat(locale, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    ...(isThisYear ? {} : { year: 'numeric' }),
  }).format(at)
}

/** Two times are of one local day exactly when these are equal. */
export function localDay(at: number): string {
  return new Date(at).toDateString()
}
