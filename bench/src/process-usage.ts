import { readFileSync } from 'node:fs'

/** What Linux says of a process. Elsewhere these are not known: NaN. */

const TICKS_A_SECOND = 100
const KIB = 1024

/** Processor time so far, in seconds, of all its threads. */
export function cpuSeconds(pid: number): number {
  const fields = read(`/proc/${pid}/stat`)
    ?.replace(/^.*\) /s, '')
    .split(' ')
  return fields ? (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND : Number.NaN
}

/** Memory that it holds, in bytes. */
export function residentBytes(pid: number): number {
  const match = /^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`) ?? '')
  return match ? Number(match[1]) * KIB : Number.NaN
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
