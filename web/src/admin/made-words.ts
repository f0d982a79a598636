import { clock, shortDay } from '#theme/times.ts'

/** 'made 30 Nov, 17:30' */
export function madeWords({ createdAt }: { createdAt: number }, now: number): string {
  return `made ${shortDay(createdAt, now)}, ${clock(createdAt)}`
}

/** What tells one from its like: '#3fa9c1'. An answer that was lost can leave another that is just so. */
export function markOf({ id }: { id: string }): string {
  return `#${id.slice(-6)}`
}
