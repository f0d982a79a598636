/** What passes a link, as whole as its protocol makes it. */
export interface Unit {
  bytes: Buffer
  /** What it is, as whoever watches the line knows it. */
  kind: string
}

/** How what passes is cut into units: for each connection anew, as it keeps what is not whole yet. */
export interface Protocol {
  up(): (piece: Buffer) => Unit[]
  down(): (piece: Buffer) => Unit[]
}

/** Of which nothing is known: each piece is a unit. */
export const plain: Protocol = { up: pieces, down: pieces }

export function pieces(): (piece: Buffer) => Unit[] {
  return (piece) => [{ bytes: piece, kind: 'piece' }]
}

/** Takes the first unit off the bytes; null: it is not whole yet. */
export type Take = (bytes: Buffer) => Unit | null

/** Keeps what is not whole yet until the rest has come. */
export function cutter(take: Take): (piece: Buffer) => Unit[] {
  let rest: Buffer = Buffer.alloc(0)
  return (piece) => {
    rest = rest.length === 0 ? piece : Buffer.concat([rest, piece])
    const units: Unit[] = []
    for (let unit = take(rest); unit; unit = take(rest)) {
      units.push(unit)
      rest = rest.subarray(unit.bytes.length)
    }
    return units
  }
}
