import type { Piece } from './plants.ts'

/** A source with its pieces replaced. Throws where one is not there exactly once: then the plant says nothing any more. */
export function planted(source: string, pieces: readonly Piece[]): string {
  return pieces.reduce((text, { file, from, to }) => {
    const parts = text.split(from)
    if (parts.length !== 2) throw new Error(`${file} has ${parts.length - 1} times what is to be replaced once:\n${from}`)
    return parts.join(to)
  }, source)
}
