import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** What Linux says of a process. Elsewhere these are not known: NaN. */

const TICKS_A_SECOND = 100
const KIB = 1024

/** Processor time so far, in seconds, of all its threads; `kernel`: what of it passed there. */
export function cpuSeconds(pid: number): { all: number; kernel: number } {
  const fields = read(`/proc/${pid}/stat`)
    ?.replace(/^.*\) /s, '')
    .split(' ')
  const [own, kernel] = [fields?.[11], fields?.[12]].map((ticks) => Number(ticks ?? Number.NaN) / TICKS_A_SECOND) as [number, number]
  return { all: own + kernel, kernel }
}

/** Memory that it holds, in bytes. */
export function residentBytes(pid: number): number {
  const match = /^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`) ?? '')
  return match ? Number(match[1]) * KIB : Number.NaN
}

/** The cores that this process may use, by their numbers: a container's need not begin with 0, nor have no gaps. */
export function coresAllowed(): number[] {
  const listed = /^Cpus_allowed_list:\s+(\S+)$/m.exec(read('/proc/self/status') ?? '')?.[1]
  return listed ? coresListed(listed) : []
}

/** `0-2,5` are 0, 1, 2 and 5. */
export function coresListed(list: string): number[] {
  return list.split(',').flatMap((range) => {
    const [first, last = first] = range.split('-').map(Number) as [number, number?]
    return Array.from({ length: last - first + 1 }, (_, at) => first + at)
  })
}

/** How many files and sockets a process may hold; Node takes all that it may. */
export function openFilesMax(): number {
  const limit = execFileSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }).trim()
  return limit === 'unlimited' ? Infinity : Number(limit)
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
