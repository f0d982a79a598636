import { z } from 'zod'
import {
  CATEGORY_MAX_CHARS,
  KEY_MAX_CHARS,
  MESSAGE_MAX_CHARS,
  NAME_MAX_CHARS,
  NOTIFICATION_BODY_MAX_CHARS,
  PAGE_MAX_ITEMS,
  PASSWORD_MAX_CHARS,
  PASSWORD_MIN_CHARS,
  PROFILES_MAX_IDS,
  RECIPIENTS_MAX,
  TITLE_MAX_CHARS,
  URL_MAX_CHARS,
  USERNAME_MAX_CHARS,
} from './limits.ts'
import type { RefusalCode } from './refusals.ts'
import { countsRow, messageRow, notificationRow, userRow } from './rows.ts'
import { id, link, newId, storable, text } from './text.ts'

/**
 * Every command, once: the socket calls it by name, HTTP by its route (path parameters, query and body together are the input).
 * `may`: `anyone`, a `person` who is signed in, or a program whose key has this scope.
 */
export interface Command {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Below `/api/v1`. */
  path: string
  may: 'anyone' | 'person' | `scope:${Scope}`
  summary: string
  input: z.ZodType
  result: z.ZodType
  refusals: readonly RefusalCode[]
}

/** What an API key may be made for. */
export const SCOPES = ['notify', 'metrics'] as const
export type Scope = (typeof SCOPES)[number]

const username = z
  .string()
  .min(1)
  .max(USERNAME_MAX_CHARS)
  .regex(
    /^[\p{L}\p{N}](?:[\p{L}\p{N}._@+-]*[\p{L}\p{N}_])?$/u,
    'must begin with a letter or digit and hold only letters, digits and . _ - @ +',
  )
const password = storable(PASSWORD_MAX_CHARS).min(PASSWORD_MIN_CHARS)
const epoch = storable(64)
const seq = z.int().nonnegative()
/** Numbers that may stand in a query string. */
const number = z.coerce.number().int().positive()
const limit = z.coerce.number().int().min(1).max(PAGE_MAX_ITEMS).optional()
/** Where in its topic an answer was read: rows beside the stream say it. */
const readAt = { epoch, seq }

export const userInput = z.object({ username, password, name: text(NAME_MAX_CHARS).optional() })

export const commands = {
  'session.create': {
    method: 'POST',
    path: '/session',
    may: 'anyone',
    summary: 'Sign in; the answer sets the session cookie.',
    input: z.object({ username: storable(256), password: storable(PASSWORD_MAX_CHARS) }),
    result: userRow,
    refusals: ['wrong-credentials', 'rate-limited'],
  },
  'session.end': {
    method: 'DELETE',
    path: '/session',
    may: 'person',
    summary: 'Sign out this device; its connections close.',
    input: z.object({}),
    result: z.null(),
    refusals: [],
  },
  'user.create': {
    method: 'POST',
    path: '/users',
    may: 'anyone',
    summary: 'Make an account with an invitation; the answer signs it in.',
    input: userInput.extend({ invite: z.string().max(200) }),
    result: userRow,
    refusals: ['username-taken', 'forbidden', 'rate-limited'],
  },
  'user.list': {
    method: 'GET',
    path: '/users',
    may: 'person',
    summary: 'Profiles by id. Unknown ids are left out.',
    input: z.object({
      ids: z.preprocess((value) => (typeof value === 'string' ? value.split(',') : value), z.array(id).min(1).max(PROFILES_MAX_IDS)),
    }),
    result: z.object({ items: z.array(userRow), ...readAt }),
    refusals: [],
  },
  'me.get': { method: 'GET', path: '/me', may: 'person', summary: 'Who is signed in.', input: z.object({}), result: userRow, refusals: [] },
  'room.list': {
    method: 'GET',
    path: '/rooms',
    may: 'person',
    summary: 'Rooms that one may see: a view for lists, not rows to merge.',
    input: z.object({}),
    result: z.object({ items: z.array(z.object({ id, name: z.string(), kind: z.string(), seq, posted: z.int() })), next: z.null() }),
    refusals: [],
  },
  'message.list': {
    method: 'GET',
    path: '/rooms/:roomId/messages',
    may: 'person',
    summary: 'A page of messages, oldest first; the newest page unless asked otherwise. `before` and `after` are numbers, `around` an id.',
    input: z.object({ roomId: id, before: number.optional(), after: number.optional(), around: id.optional(), limit }),
    /** `next`: what to ask `before` with (or `after`, if that was asked) for more; null: there is no more. */
    result: z.object({ items: z.array(messageRow), next: z.int().nullable(), ...readAt }),
    refusals: ['not-found'],
  },
  'message.post': {
    method: 'POST',
    path: '/rooms/:roomId/messages',
    may: 'person',
    summary: 'Post a message. With the same `id` again: the message that is there, with `duplicate: true`.',
    input: z.object({ roomId: id, id: newId.optional(), body: text(MESSAGE_MAX_CHARS) }),
    result: messageRow.extend({ duplicate: z.literal(true).optional() }),
    refusals: ['not-found', 'conflict', 'expired', 'rate-limited', 'busy', 'unknown'],
  },
  'message.edit': {
    method: 'PATCH',
    path: '/rooms/:roomId/messages/:id',
    may: 'person',
    summary: "Change the text of one's own message. `changed`: the state that one saw.",
    input: z.object({ roomId: id, id, body: text(MESSAGE_MAX_CHARS), changed: seq }),
    result: messageRow,
    refusals: ['not-found', 'stale', 'rate-limited', 'busy', 'unknown'],
  },
  'message.delete': {
    method: 'DELETE',
    path: '/rooms/:roomId/messages/:id',
    may: 'person',
    summary: "Delete one's own message; a tombstone stays. Deleting twice is no mistake.",
    input: z.object({ roomId: id, id }),
    result: messageRow,
    refusals: ['not-found', 'rate-limited', 'busy', 'unknown'],
  },
  'notification.publish': {
    method: 'POST',
    path: '/notifications',
    may: 'scope:notify',
    summary: 'Ring the bell of one person, or of each in a list. 2xx: stored for every recipient.',
    input: z.object({
      /** User ids or user names. */
      to: z.union([text(64), z.array(text(64)).min(1).max(RECIPIENTS_MAX)]),
      title: text(TITLE_MAX_CHARS),
      body: text(NOTIFICATION_BODY_MAX_CHARS).optional(),
      url: link(URL_MAX_CHARS).optional(),
      /** Same key, same person: the same notification, which does not ring again. */
      key: text(KEY_MAX_CHARS).optional(),
      category: text(CATEGORY_MAX_CHARS).optional(),
      priority: z.enum(['low', 'normal', 'high', 'urgent']).optional(),
    }),
    result: z.object({
      items: z.array(z.object({ to: z.string(), id, duplicate: z.boolean() })),
      suppressed: z.array(z.object({ to: z.string(), reason: z.string() })),
    }),
    refusals: ['unknown-recipient', 'rate-limited', 'busy', 'unknown', 'idempotency-mismatch'],
  },
  'notification.list': {
    method: 'GET',
    path: '/me/notifications',
    may: 'person',
    summary: "A page of one's own notifications, newest first.",
    input: z.object({ filter: z.enum(['unread', 'all', 'archived']).optional(), cursor: storable(64).optional(), limit }),
    result: z.object({ items: z.array(notificationRow), next: z.string().nullable(), counts: countsRow, ...readAt }),
    refusals: [],
  },
  'notification.mark': {
    method: 'PATCH',
    path: '/me/notifications/:id',
    may: 'person',
    summary: 'Mark one as read, unread, seen, archived or not archived. Reading and archiving imply what comes before.',
    input: z.object({ id, read: z.boolean().optional(), seen: z.literal(true).optional(), archived: z.boolean().optional() }),
    result: notificationRow.extend({ counts: countsRow }),
    refusals: ['not-found', 'busy', 'unknown'],
  },
  'notification.mark-all': {
    method: 'PATCH',
    path: '/me/notifications',
    may: 'person',
    summary: 'Mark all that became unread up to a position; what arrived since stays.',
    input: z.object({ epoch, upTo: seq, set: z.object({ read: z.literal(true).optional(), seen: z.literal(true).optional() }) }),
    result: z.object({ counts: countsRow }),
    refusals: ['epoch-changed', 'busy', 'unknown'],
  },
  'notification.delete': {
    method: 'DELETE',
    path: '/me/notifications/:id',
    may: 'person',
    summary: 'Delete one. Deleting twice is no mistake.',
    input: z.object({ id }),
    result: notificationRow.extend({ counts: countsRow }),
    refusals: ['not-found', 'busy', 'unknown'],
  },
} as const satisfies Record<string, Command>

export type CommandName = keyof typeof commands
export type Input<N extends CommandName> = z.input<(typeof commands)[N]['input']>
export type Parsed<N extends CommandName> = z.output<(typeof commands)[N]['input']>
export type Result<N extends CommandName> = z.output<(typeof commands)[N]['result']>
