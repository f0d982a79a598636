import type { Spread } from '#statistics.ts'

/** Three digits that matter, or all that stand before the point. */
export function number(value: number): string {
  if (Number.isNaN(value)) return 'not known'
  const decimals = value >= 100 || Number.isInteger(value) ? 0 : value >= 10 ? 1 : 2
  return value.toLocaleString('en', { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
}

/** `12.3 (11.9–14.0)`: the median and how far the runs spread. */
export function spreadText({ median, min, max }: Spread): string {
  return min === max ? number(median) : `${number(median)} (${number(min)}–${number(max)})`
}

export function percent(share: number): string {
  return Number.isNaN(share) ? 'not known' : `${Math.round(share * 100)} %`
}
