import { readFileSync } from 'node:fs'

/** The processes that this one has started and that still run, or have not been asked after; as Linux says. */
export function childrenOf(pid: number): number[] {
  return read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number)
}

/** Also when nobody has asked after it yet. */
export function hasEnded(pid: number): boolean {
  const state = stateOf(pid)
  return state === undefined || 'ZX'.includes(state)
}

/** Whether a SIGSTOP has reached it. */
export function isHeld(pid: number): boolean {
  return stateOf(pid) === 'T'
}

function stateOf(pid: number): string | undefined {
  return read(`/proc/${pid}/stat`).replace(/^.*\) /s, '')[0]
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
