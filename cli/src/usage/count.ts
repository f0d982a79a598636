import { InvalidArgumentError } from 'commander'

/** A whole number from 1 on. */
export function count(given: string): number {
  return countTo(Number.MAX_SAFE_INTEGER)(given)
}

export function countTo(max: number): (given: string) => number {
  return (given) => {
    const number = Number(given)
    if (Number.isSafeInteger(number) && number >= 1 && number <= max) return number
    throw new InvalidArgumentError(max === Number.MAX_SAFE_INTEGER ? 'A whole number from 1 on.' : `A whole number from 1 to ${max}.`)
  }
}
