/** Where values stand along an axis. */
export interface Scale {
  isLogarithmic: boolean
  ticks: number[]
  /** From 0, the axis's beginning, to 1, its end. */
  at(value: number): number
}

/** From this ratio on the small ones would be but dots on an axis that begins with zero. */
const LOGARITHMIC_FROM = 20
const TICKS = 5

/** An axis for all of these: from zero on, or by powers of ten where they lie far apart. */
export function scaleOf(values: number[]): Scale {
  const [min, max] = [Math.min(...values), Math.max(...values)]
  return min > 0 && max / min >= LOGARITHMIC_FROM ? logarithmic(min, max) : linear(max)
}

function logarithmic(min: number, max: number): Scale {
  const [from, to] = [Math.floor(Math.log10(min)), Math.ceil(Math.log10(max))]
  const ticks = Array.from({ length: to - from + 1 }, (_, at) => 10 ** (from + at))
  return { isLogarithmic: true, ticks, at: (value) => (Math.log10(value) - from) / (to - from) }
}

function linear(max: number): Scale {
  const power = 10 ** Math.floor(Math.log10(max / TICKS))
  const step = [1, 2, 5, 10].map((times) => times * power).find((one) => one * TICKS >= max)!
  const ticks = Array.from({ length: Math.ceil(max / step) + 1 }, (_, at) => at * step)
  return { isLogarithmic: false, ticks, at: (value) => value / ticks.at(-1)! }
}
