import { setTimeout as wait } from 'node:timers/promises'
import { residentBytes } from '#process-usage.ts'

const LOOK_EVERY_MS = 250
/** It stands still when it has moved by no more than this share for so long: what starting or connecting has used is given back by then. */
const STILL_LOOKS = 12
const STILL_SHARE = 0.005
/** It is taken as it is where it never does. */
const SETTLES_WITHIN_LOOKS = 80

/** Resident memory of a process that has come to rest, in bytes. */
export async function settledBytes(pid: number): Promise<number> {
  let looks: number[] = []
  for (let at = 0; at < SETTLES_WITHIN_LOOKS && !isStill(looks); at++) {
    await wait(LOOK_EVERY_MS)
    looks = [...looks.slice(1 - STILL_LOOKS), residentBytes(pid)]
  }
  return looks.at(-1)!
}

function isStill(looks: number[]): boolean {
  const most = Math.max(...looks)
  return looks.length === STILL_LOOKS && most - Math.min(...looks) <= most * STILL_SHARE
}
