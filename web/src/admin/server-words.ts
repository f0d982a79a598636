import { numberWords } from '#theme/number-words.ts'

const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const

/** 1_234_567 → '1.2 MB' */
export function bytesWords(bytes: number, locale?: string): string {
  const at = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3))
  return `${numberWords(Number((bytes / 1000 ** at).toFixed(1)), locale)} ${UNITS[at]}`
}

const SPANS = [
  { unit: 'day', ms: 24 * 60 * 60 * 1000 },
  { unit: 'hour', ms: 60 * 60 * 1000 },
  { unit: 'minute', ms: 60 * 1000 },
] as const

/** '3 days', '1 hour', 'less than a minute' */
export function spanWords(ms: number): string {
  const span = SPANS.find((span) => ms >= span.ms)
  if (!span) return 'less than a minute'
  const count = Math.floor(ms / span.ms)
  return `${count} ${span.unit}${count === 1 ? '' : 's'}`
}
