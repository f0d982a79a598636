import { setTimeout as wait } from 'node:timers/promises'

const LOOK_EVERY_MS = 10

/** Waits until it is so. False: it is not so by then. */
export async function until(isSo: () => boolean, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs
  while (!isSo()) {
    if (performance.now() > deadline) return false
    await wait(LOOK_EVERY_MS)
  }
  return true
}
