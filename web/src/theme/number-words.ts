/** 197_521 → '197,521', as the reader's language has it. */
export function numberWords(count: number, locale?: string): string {
  return new Intl.NumberFormat(locale).format(count)
}
