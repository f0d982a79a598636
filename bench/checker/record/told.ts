import type { Bump, Change, Snapshot } from '@belfry/protocol/down.ts'
import type { Message, Notification } from '@belfry/protocol/rows.ts'
import { digestOf } from './text.ts'

/** A row as somebody was told it. `n`: of a notification 0. `text`: a digest of what it says. */
export interface Seen {
  kind: 'message' | 'notification'
  id: string
  roomId: string
  n: number
  changed: number
  text: string
}

/** What a frame told of a topic, as the judge needs it: of rows messages and notifications alone, of texts digests. */
export interface Told {
  t: 'snapshot' | 'change' | 'bump'
  topic: string
  /** Of a snapshot 0. */
  prev: number
  seq: number
  part: [at: number, of: number] | null
  /** Of a snapshot: the lowest number of the messages that it holds completely; null: all of them. */
  from: number | null
  rows: Seen[]
  /** Of a bump: the `changed` of the messages that it names. */
  named: number[]
}

export function toldBy(frame: Snapshot | Change | Bump): Told {
  const { t, topic, seq } = frame
  const common = { t, topic, seq, part: null, from: null, rows: [], named: [] }
  if (t === 'bump') return { ...common, prev: frame.prev, named: (frame.messages ?? []).map(([, , changed]) => changed) }
  const { message = [], notification = [] } = frame.rows
  const rows = [...message.map(seenMessage), ...notification.map(seenNotification)]
  const told = { ...common, part: frame.part ?? null, rows }
  if (t === 'change') return { ...told, prev: frame.prev }
  const from = frame.windows['messages']
  return { ...told, prev: 0, from: typeof from === 'number' ? from : null }
}

export function seenMessage({ id, roomId, n, changed, body }: Message): Seen {
  return { kind: 'message', id, roomId, n, changed, text: digestOf(body) }
}

function seenNotification({ id, changed, title }: Notification): Seen {
  return { kind: 'notification', id, roomId: '', n: 0, changed, text: digestOf(title) }
}
