const GIVE_UP_AFTER_MS = 8_000

/** Turns of the loop until something is so. */
export async function until(isSo: () => boolean): Promise<void> {
  const end = Date.now() + GIVE_UP_AFTER_MS
  while (!isSo()) {
    if (Date.now() > end) throw new Error(`never so: ${String(isSo)}`)
    await turn()
  }
}

/** All that goes on within this process has come to rest: nothing here waits for a disk or a network. */
export async function settles(): Promise<void> {
  for (let turns = 0; turns < 30; turns++) await turn()
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
