import { binaries } from './binaries.ts'
import { sharedData } from './shared-data.ts'

/** Before all tests: says in one line each what is skipped. With BELFRY_TEST_ALL=1 nothing may be for want of a program. */
export function setup(): void {
  if (sharedData.missing) console.log(`left out, because ${sharedData.folder} is not there: ${sharedData.needed}`)
  const missing = binaries
    .filter((binary) => binary.missing)
    .map(({ name, needed }) => `skipped, because ${name} is not installed: ${needed}`)
  if (missing.length === 0) return
  if (process.env.BELFRY_TEST_ALL === '1') throw new Error(`BELFRY_TEST_ALL=1, but ${missing.join('; ')}`)
  for (const line of missing) console.log(line)
}
