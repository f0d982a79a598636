/** Whether a text holds what somebody types to find it. */
export function isFoundBy(text: string, words: string): boolean {
  return foldedForSearch(text).includes(foldedForSearch(words.trim()))
}

/** A text as it is compared with what somebody types to find it: without accents, in lower case. */
export function foldedForSearch(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()
}
