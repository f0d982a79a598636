/** Does both, one after the other, and in the other order every other run: what comes later may find the machine warmer, or wearier. */
export async function inEitherOrder(run: number, [one, other]: [() => Promise<number>, () => Promise<number>]): Promise<[number, number]> {
  if (run % 2 === 0) return [await one(), await other()]
  const second = await other()
  return [await one(), second]
}
