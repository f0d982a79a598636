import type { Store } from '#store/store.ts'

const GIVE_UP_AFTER_MS = 60_000

/** What stores are at. */
let underWay = 0

/** Turns of the loop until something is so. */
export async function until(isSo: () => boolean): Promise<void> {
  const end = Date.now() + GIVE_UP_AFTER_MS
  while (!isSo()) {
    if (Date.now() > end) throw new Error(`never so: ${String(isSo)}`)
    await turn()
  }
}

/** All that goes on within this process has come to rest: besides the stores nothing here waits for a disk or a network. */
export async function settles(): Promise<void> {
  for (let quiet = 0; quiet < 30; quiet = underWay > 0 ? 0 : quiet + 1) await turn()
}

/** A store on whose reads and writes {@link settles} waits. */
export function watched(store: Store): Store {
  return { ...store, read: (read) => whileUnderWay(store.read(read)), write: (write) => whileUnderWay(store.write(write)) }
}

async function whileUnderWay<T>(work: Promise<T>): Promise<T> {
  underWay += 1
  try {
    return await work
  } finally {
    underWay -= 1
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
