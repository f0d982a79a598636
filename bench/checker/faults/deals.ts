import type { Dice } from '#dice.ts'
import type { Deal, Way } from './link.ts'

/** Which units are meant. */
type Of = { kind: string; saying?: string }

/** Some are lost. */
export function loses(dice: Dice, often: number, of: Of): Deal {
  return (unit) => (isMeant(unit, of) && dice.happens(often) ? [] : [unit.bytes])
}

/** Some come twice. */
export function repeats(dice: Dice, often: number, of: Of): Deal {
  return (unit) => (isMeant(unit, of) && dice.happens(often) ? [unit.bytes, unit.bytes] : [unit.bytes])
}

/** Some come after the next one. */
export function shuffles(dice: Dice, often: number, of: Of): Deal {
  const late = new WeakMap<object, Buffer>()
  return (unit, { line }) => {
    if (!isMeant(unit, of)) return [unit.bytes]
    const before = late.get(line)
    late.delete(line)
    if (before) return [unit.bytes, before]
    if (!dice.happens(often)) return [unit.bytes]
    late.set(line, unit.bytes)
    return []
  }
}

/** Each connection breaks in the middle of one. */
export function breaks(dice: Dice, often: number, of: Of): Deal {
  return (unit, way) => {
    if (!isMeant(unit, of) || !dice.happens(often)) return [unit.bytes]
    way.cut(unit.bytes.subarray(0, dice.below(unit.bytes.length)))
    return []
  }
}

/** Each connection breaks after so many bytes at most, one way or the other. */
export function breaksWithin(dice: Dice, bytesMax: number): Deal {
  const left = new WeakMap<object, number>()
  return ({ bytes }, way: Way) => {
    const before = left.get(way.line) ?? dice.below(bytesMax)
    left.set(way.line, before - bytes.length)
    if (before >= bytes.length) return [bytes]
    way.cut(bytes.subarray(0, before))
    return []
  }
}

export function isMeant(unit: { kind: string; bytes: Buffer }, { kind, saying }: Of): boolean {
  return unit.kind === kind && (saying === undefined || unit.bytes.includes(saying))
}
