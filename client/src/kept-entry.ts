import type { OutboxCommand, OutboxEntry } from './outbox-entry.ts'
import { inOrder } from './outbox-entry.ts'
import type { Shape } from './shape.ts'
import { has, isFlag, isNumber, isText, isTrue, orAbsent, orNull } from './shape.ts'

/** Those that are entries of this version's shape, in the order of storing. */
export function keptEntries(values: readonly unknown[]): OutboxEntry[] {
  return inOrder(values.filter(isEntry))
}

const ENTRY: Shape = {
  entryId: isText,
  name: isText,
  order: isNumber,
  createdAt: isNumber,
  epoch: orNull(isText),
  tries: isNumber,
  sentAt: orNull(isNumber),
  openUntil: isNumber,
  failure: orNull(isText),
  isIdLost: isFlag,
}

const INPUTS: Record<OutboxCommand['name'], Shape> = {
  'message.post': { roomId: isText, id: isText, body: isText, replyTo: orAbsent(isText) },
  'message.edit': { roomId: isText, id: isText, body: isText, changed: isNumber },
  'message.delete': { roomId: isText, id: isText },
  'notification.mark': { id: isText, read: orAbsent(isFlag), archived: orAbsent(isFlag), changed: orAbsent(isNumber) },
  'notification.mark-all': {
    epoch: isText,
    upTo: isNumber,
    set: (value) => has(value, { read: orAbsent(isTrue), seen: orAbsent(isTrue) }),
  },
  'notification.delete': { id: isText },
}

function isEntry(value: unknown): value is OutboxEntry {
  if (!has(value, ENTRY)) return false
  const shape = Object.entries(INPUTS).find(([name]) => name === value['name'])?.[1]
  return shape !== undefined && has(value['input'], shape)
}
