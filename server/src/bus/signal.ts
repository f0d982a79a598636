import type { Topic } from '@belfry/protocol/topics.ts'

/** How present somebody is at one node, by all of their devices there. */
export type Attendance = 'online' | 'away' | 'offline'

/** What nodes tell each other and nobody stores. */
export type Signal = { epoch: string } & (
  | { name: 'typing'; topic: Topic; userId: string }
  /** Of some of the people of this node. */
  | { name: 'attendance'; node: string; people: [userId: string, at: Attendance][] }
)
