import { readFileSync } from 'node:fs'

/** The processes that this one has started and that still run, or have not been asked after; as Linux says. */
export function childrenOf(pid: number): number[] {
  return read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number)
}

/** Also when nobody has asked after it yet. */
export function hasEnded(pid: number): boolean {
  const [state] = read(`/proc/${pid}/stat`).replace(/^.*\) /s, '')
  return state === undefined || 'ZX'.includes(state)
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
