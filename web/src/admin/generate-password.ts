/** No letter that is taken for another when it is read from a note or told by telephone. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789'
const GROUPS = 4
const GROUP_CHARS = 4
/** Bytes from here on would make the first letters more likely. */
const FAIR_BELOW = 256 - (256 % LETTERS.length)

/** 'k7mp-w3xa-9tqd-hj5n': 79 bits. */
export function generatePassword(fill: (bytes: Uint8Array<ArrayBuffer>) => void = (bytes) => void crypto.getRandomValues(bytes)): string {
  const letters: string[] = []
  const bytes = new Uint8Array(1)
  while (letters.length < GROUPS * GROUP_CHARS) {
    fill(bytes)
    if (bytes[0]! < FAIR_BELOW) letters.push(LETTERS[bytes[0]! % LETTERS.length]!)
  }
  return letters.join('').replaceAll(/.{4}(?=.)/g, '$&-')
}
