import type { Counts, Message, Notification, Rows } from '@belfry/protocol/rows.ts'
import { REFUSALS } from '@belfry/protocol/refusals.ts'
import type { Backoff } from './backoff.ts'
import type { RefusalError } from './errors.ts'

/** The commands that wait in the outbox. */
export type OutboxCommand =
  | { name: 'message.post'; input: { roomId: string; id: string; body: string; replyTo?: string } }
  | { name: 'message.edit'; input: { roomId: string; id: string; body: string; changed: number } }
  | { name: 'message.delete'; input: { roomId: string; id: string } }
  | { name: 'notification.mark'; input: { id: string; read?: boolean; archived?: boolean; changed?: number } }
  | { name: 'notification.mark-all'; input: { epoch: string; upTo: number; set: { read?: true; seen?: true } } }
  | { name: 'notification.delete'; input: { id: string } }

/** One stored command. Never changed in place: a new state is a new object. */
export type OutboxEntry = OutboxCommand & {
  entryId: string
  /** The order of storing, counted across tabs. */
  order: number
  /** By the server's clock. */
  createdAt: number
  /** The epoch of the seq that it names, or null when it names none. */
  epoch: string | null
  tries: number
  /** When it was last sent by this device's clock, if that attempt has no answer. */
  sentAt: number | null
  /** Until when an earlier attempt without an answer may still be carried out. */
  openUntil: number
  /** The refusal's sentence: it waits for its author's decision. */
  failure: string | null
  /** The post was refused for its id: it can only be posted under a new one. */
  isIdLost: boolean
}

export type MessageEntry = Extract<OutboxEntry, { name: `message.${string}` }>
export type PostEntry = Extract<OutboxEntry, { name: 'message.post' }>
export type MarkEntry = Extract<OutboxEntry, { name: 'notification.mark' }>
export type InboxEntry = Extract<OutboxEntry, { name: `notification.${string}` }>

export const SEND_AGAIN: Backoff = { firstMs: 500, mostMs: 20_000 }
/** An attempt whose answer was lost has been carried out by then, or never will be. */
export const ATTEMPT_OPEN_MS = 30_000
/** A command that the server trips over must not hold up its lane for ever. */
export const INTERNAL_TRIES_MAX = 5

export const INBOX_LANE = 'inbox'

export type Lane = `room:${string}` | typeof INBOX_LANE

/** Commands of one lane are sent one at a time, in the order of storing [W8]. */
export function laneOf(command: OutboxCommand): Lane {
  return isMessageCommand(command) ? roomLane(command.input.roomId) : INBOX_LANE
}

export function roomLane(roomId: string): Lane {
  return `room:${roomId}`
}

export function isMessageCommand<C extends OutboxCommand>(command: C): command is Extract<C, { name: `message.${string}` }> {
  return command.name.startsWith('message.')
}

type Stored = Pick<OutboxEntry, 'entryId' | 'createdAt' | 'epoch'>

/** Its place in the order of storing it gets when it is stored. */
export function newEntry(command: OutboxCommand, stored: Stored): OutboxEntry {
  return { ...command, ...stored, ...UNSENT, openUntil: 0, order: 0 }
}

/** What an entry is before it is sent, also when its author wants it sent after all. */
export const UNSENT = { tries: 0, sentAt: null, failure: null, isIdLost: false }

export function inOrder(entries: readonly OutboxEntry[]): OutboxEntry[] {
  return entries.toSorted((a, b) => a.order - b.order || (a.entryId < b.entryId ? -1 : 1))
}

/** The entry as it is when it is sent (again) now. */
export function sentAgain(entry: OutboxEntry, now: number): OutboxEntry {
  const openUntil = entry.sentAt === null ? entry.openUntil : Math.max(entry.openUntil, entry.sentAt + ATTEMPT_OPEN_MS)
  return { ...entry, tries: entry.tries + 1, sentAt: now, openUntil }
}

export type Verdict = { is: 'done' } | { is: 'failed' } | { is: 'again'; afterMs: number | null }

/** What a refusal means for an entry. It is final only when no earlier attempt is open [W8]. */
export function verdictOn(entry: OutboxEntry, refusal: RefusalError, now: number): Verdict {
  if (isAsWanted(entry, refusal)) return { is: 'done' }
  if (isMarkOfOld(entry, refusal)) return { is: 'again', afterMs: isNewer(entry, refusal) ? 0 : null }
  if (isPassing(entry, refusal)) return { is: 'again', afterMs: refusal.retryAfterMs }
  // The clock may have been set back meanwhile.
  if (entry.openUntil > now) return { is: 'again', afterMs: Math.min(entry.openUntil - now, ATTEMPT_OPEN_MS) }
  return { is: 'failed' }
}

/** Whether a post was refused for its id. */
export function losesId({ code }: RefusalError): boolean {
  return code === 'expired' || code === 'conflict'
}

/** An earlier attempt of the same edit was carried out. */
function isAsWanted(entry: OutboxEntry, { code, row }: RefusalError): boolean {
  return entry.name === 'message.edit' && code === 'stale' && row?.['body'] === entry.input.body
}

/** The notification is another by now: its mark says that state the next time. */
export function isMarkOfOld(entry: OutboxEntry, { code }: RefusalError): entry is MarkEntry {
  return entry.name === 'notification.mark' && code === 'stale'
}

/** What is older than what was seen is of another epoch, whose rows are on their way. */
function isNewer({ input }: MarkEntry, { row }: RefusalError): boolean {
  return Number(row?.['changed']) > (input.changed ?? 0)
}

function isPassing(entry: OutboxEntry, { code }: RefusalError): boolean {
  if (code === 'internal') return entry.tries < INTERNAL_TRIES_MAX
  // The session has ended: the connection closes, and what waits is sent after signing in again.
  return code === 'unauthenticated' || (REFUSALS[code]?.again ?? false)
}

/** The rows that the server answered a command with. */
export function rowsInAnswer(entry: OutboxEntry, result: unknown): Rows {
  if (isMessageCommand(entry)) return { message: [result as Message] }
  const { counts, ...row } = result as Notification & { counts: Counts }
  return { notification: entry.name === 'notification.mark-all' ? [] : [row], counts: [counts] }
}

/** Whether this row, as it arrived, shows that the command was carried out. */
export function isDoneBy(entry: MessageEntry, row: Message): boolean {
  if (entry.name === 'message.post' || row.deletedAt !== null) return true
  return entry.name === 'message.edit' && row.body === entry.input.body
}

/** A post or an edit with another text. */
export function rewritten(entry: Exclude<MessageEntry, { name: 'message.delete' }>, body: string): MessageEntry {
  return { ...entry, input: { ...entry.input, body } } as MessageEntry
}

/** What did not change keeps its identity, and with it what is made of it. */
export function sameAs(before: OutboxEntry | undefined, now: OutboxEntry): OutboxEntry {
  return before && JSON.stringify(before) === JSON.stringify(now) ? before : now
}
