import { namingsIn } from '@belfry/protocol/names.ts'

export type NamedPiece = { is: 'text'; text: string } | { is: 'name'; text: string; id: string }

/** Splits a text into words and names of people. Put together again, the pieces are the text. */
export function namedPieces(text: string, names: Readonly<Record<string, string>>): NamedPiece[] {
  const pieces: NamedPiece[] = []
  let end = 0
  for (const { at, candidates } of namingsIn(text)) {
    const name = candidates.find((candidate) => Object.hasOwn(names, candidate))
    if (name === undefined) continue
    if (at > end) pieces.push({ is: 'text', text: text.slice(end, at) })
    end = at + 1 + name.length
    pieces.push({ is: 'name', text: text.slice(at, end), id: names[name]! })
  }
  if (end < text.length) pieces.push({ is: 'text', text: text.slice(end) })
  return pieces
}
