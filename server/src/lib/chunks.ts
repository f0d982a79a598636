/** A list in pieces, in order: a statement's parameters are limited (SQLite 32,766), and so is what is worth holding at once. */
export function* chunks<T>(list: readonly T[], size: number): Generator<T[]> {
  for (let at = 0; at < list.length; at += size) yield list.slice(at, at + size)
}
