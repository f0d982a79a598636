import { execFileSync } from 'node:child_process'
import { findProgram } from '#programs/find-program.ts'
import { coresAllowed } from './process-usage.ts'

/** Which of the machine's cores are whose, in the words of `taskset`. */
export interface Cores {
  servers: string
  generator: string
}

/** Server and generator each have their own, so that neither takes the other's time; null where the machine cannot do that. */
export const CORES: Cores | null = coresOf(findProgram('taskset') === null ? [] : coresAllowed())

/** Of those that this process may use, the last is the generator's and the others are the servers'. */
export function coresOf(allowed: number[]): Cores | null {
  if (allowed.length < 2) return null
  return { servers: allowed.slice(0, -1).join(','), generator: String(allowed.at(-1)) }
}

/** Keeps a process, with all threads that it has and will have, on these cores. */
export function keepOn(cores: string, pid: number): void {
  execFileSync('taskset', ['--all-tasks', '--cpu-list', '--pid', cores, String(pid)], { stdio: 'ignore' })
}
