import { InvalidArgumentError } from 'commander'

/** A whole number from 1 on. */
export function count(given: string): number {
  const number = Number(given)
  if (Number.isSafeInteger(number) && number >= 1) return number
  throw new InvalidArgumentError('A whole number from 1 on.')
}
