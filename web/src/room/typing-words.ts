/** Who types, in a few words; null stands for a name that is not known yet. */
export function typingWords(names: readonly (string | null)[]): string {
  const [first, second] = names.map((name) => name ?? 'Someone')
  if (first === undefined) return ''
  if (second === undefined) return `${first} is typing…`
  return names.length === 2 ? `${first} and ${second} are typing…` : 'Several people are typing…'
}
