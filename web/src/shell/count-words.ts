const SHOWN_MAX = 99

/** 7 → '7', 120 → '99+' */
export function countWords(count: number): string {
  return count > SHOWN_MAX ? `${SHOWN_MAX}+` : String(count)
}
