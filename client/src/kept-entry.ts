import type { OutboxCommand, OutboxEntry } from './outbox-entry.ts'

type Check = (value: unknown) => boolean
type Shape = Record<string, Check>

/** An entry as it was written, or null: another version of this program, or somebody else, may have written it. */
export function keptEntry(entryId: string, text: string | null): OutboxEntry | null {
  const value = text === null ? null : parsed(text)
  return isEntry(value) && value.entryId === entryId ? value : null
}

const isText: Check = (value) => typeof value === 'string'
const isNumber: Check = (value) => Number.isFinite(value)
const isTrue: Check = (value) => value === true

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
  'message.post': { roomId: isText, id: isText, body: isText },
  'message.edit': { roomId: isText, id: isText, body: isText, changed: isNumber },
  'message.delete': { roomId: isText, id: isText },
  'notification.mark': { id: isText, read: orAbsent(isFlag), archived: orAbsent(isFlag) },
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

function has(value: unknown, shape: Shape): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(shape).every(([name, isRight]) => isRight((value as Record<string, unknown>)[name]))
}

function isFlag(value: unknown): boolean {
  return typeof value === 'boolean'
}

function orNull(isRight: Check): Check {
  return (value) => value === null || isRight(value)
}

function orAbsent(isRight: Check): Check {
  return (value) => value === undefined || isRight(value)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
