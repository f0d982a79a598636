/** Times as the browser's language writes them, in the reader's own time zone. `locale` is for tests. */

const FORMATS = {
  clock: { timeStyle: 'short' },
  full: { dateStyle: 'full', timeStyle: 'short' },
  day: { weekday: 'long', day: 'numeric', month: 'long' },
  dayAndYear: { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
  shortDay: { day: 'numeric', month: 'short' },
  shortDayAndYear: { day: 'numeric', month: 'short', year: 'numeric' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>

type Format = keyof typeof FORMATS

// Making one takes longer than a hundred uses of it.
const formatters = new Map<string, Intl.DateTimeFormat>()

/** '1:58 PM', '13:58', as the language is used to. */
export function clock(at: number, locale?: string): string {
  return formatter('clock', locale).format(at)
}

/** 'Sunday, 22 November 2026 at 09:41' */
export function fullDate(at: number, locale?: string): string {
  return formatter('full', locale).format(at)
}

/** 'Sunday, 22 November'; with the year where it is not this one. */
export function dayLabel(at: number, now: number, locale?: string): string {
  return formatter(isOfOneYear(at, now) ? 'day' : 'dayAndYear', locale).format(at)
}

/** '22 Nov'; with the year where it is not this one. */
export function shortDay(at: number, now: number, locale?: string): string {
  return formatter(isOfOneYear(at, now) ? 'shortDay' : 'shortDayAndYear', locale).format(at)
}

/** Two times are of one local day exactly when these are equal. */
export function localDay(at: number): string {
  return new Date(at).toDateString()
}

function formatter(format: Format, locale: string | undefined): Intl.DateTimeFormat {
  const key = `${format} ${locale ?? ''}`
  const known = formatters.get(key) ?? new Intl.DateTimeFormat(locale, FORMATS[format])
  formatters.set(key, known)
  return known
}

function isOfOneYear(at: number, now: number): boolean {
  return new Date(at).getFullYear() === new Date(now).getFullYear()
}
