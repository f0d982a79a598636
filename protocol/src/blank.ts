/** What leaves a mark on a screen: neither white space nor such as U+200B, U+00AD or U+FEFF, of which alone a name would be a gap in lists; nor the blank of Braille. */
const VISIBLE = /[^\s\p{Default_Ignorable_Code_Point}\p{Cc}\u2800]/u

/** Whether nothing of it would be seen. */
export function isBlank(text: string): boolean {
  return !VISIBLE.test(text)
}
