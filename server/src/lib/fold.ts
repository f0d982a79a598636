/** Two texts that fold to the same are the same to a person who looks for one: user names are unique by it, and searched by it. */
export function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase()
}
