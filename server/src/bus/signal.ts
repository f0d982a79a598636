import type { Topic } from '@belfry/protocol/topics.ts'

/** How present somebody is at one node, by all of their devices there. */
export type Attendance = 'online' | 'away' | 'offline'

/** What nodes tell each other and nobody stores. */
export type Signal = { epoch: string } & (
  | { name: 'typing'; topic: Topic; userId: string }
  /** What a node says every second: who of its people is new or otherwise, mostly nobody. */
  | ({ name: 'attendance' } & NodeWord)
  /** Of this node somebody does not know all: it is to say `all`. */
  | { name: 'roll-call'; of: string }
)

export interface NodeWord {
  node: string
  /** The words of a node that held news are numbered. One without has the number of the last that did. */
  count: number
  /** Whether the rest of the node's people is offline. */
  isAll: boolean
  people: [userId: string, at: Attendance][]
}
