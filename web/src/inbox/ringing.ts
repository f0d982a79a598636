import type { Notification } from '@belfry/protocol/rows.ts'

const ONE_BY_ONE_MAX = 3

/** Whether it may interrupt: what is of low priority waits in the inbox and in the bell's count, without a toast or a notification of the system. */
export function callsOut({ priority }: Notification): boolean {
  return priority !== 'low'
}

export type Shown = { is: 'each'; rows: readonly Notification[] } | { is: 'summary'; title: string }

/** What the system shows of what arrived at once: after a night away one line, not forty. */
export function shownBySystem(arrived: readonly Notification[]): Shown {
  const rows = arrived.filter(callsOut)
  return rows.length > ONE_BY_ONE_MAX ? { is: 'summary', title: `${rows.length} new notifications` } : { is: 'each', rows }
}
