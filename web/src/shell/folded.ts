/** A text as it is compared with what somebody types to find it: without accents, in lower case. */
export function foldedForSearch(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()
}
