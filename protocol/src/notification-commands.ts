import { z } from 'zod'
import type { Declared } from './command.ts'
import { changeOf, epoch, limit, readAt, seq } from './command.ts'
import { CATEGORY_MAX_CHARS, KEY_MAX_CHARS, NOTIFICATION_BODY_MAX_CHARS, RECIPIENTS_MAX, TITLE_MAX_CHARS, URL_MAX_CHARS } from './limits.ts'
import { countsRow, notificationRow } from './rows.ts'
import { id, link, storable, text } from './text.ts'

const allMarks = z
  .object({ read: z.literal(true).optional(), seen: z.literal(true).optional() })
  .refine(({ read, seen }) => read ?? seen, 'must give at least one of read, seen')

export const notificationCommands = {
  'notification.publish': {
    may: ['scope:notify', 'admin'],
    summary:
      'Ring the bell of one person, or of each in a list. 2xx: stored for every recipient. `suppressed`: for whom it is stored and does not ring now, and why (`do-not-disturb`).',
    input: z.object({
      /** User ids or user names. */
      to: z.union([text(64), z.array(text(64)).min(1).max(RECIPIENTS_MAX)]),
      title: text(TITLE_MAX_CHARS),
      body: text(NOTIFICATION_BODY_MAX_CHARS).optional(),
      url: link(URL_MAX_CHARS).optional(),
      /** Same key, same person: the same notification, which does not ring again. */
      key: text(KEY_MAX_CHARS)
        .refine((key) => !key.startsWith('message:'), 'must not begin with message: (those are of messages that ring)')
        .optional(),
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
    may: 'person',
    summary: "A page of one's own notifications, newest first.",
    input: z.object({ filter: z.enum(['unread', 'all', 'archived']).optional(), cursor: storable(64).optional(), limit }),
    result: z.object({ items: z.array(notificationRow), next: z.string().nullable(), counts: countsRow, ...readAt }),
    refusals: [],
  },
  'notification.mark': {
    may: 'person',
    summary:
      'Mark one as read, unread, seen, archived or not archived. Reading and archiving imply what comes before. With the `changed` that was seen, another state is `stale`, unless it is marked so already.',
    input: changeOf(
      { id, changed: seq.optional() },
      { read: z.boolean().optional(), seen: z.literal(true).optional(), archived: z.boolean().optional() },
    ),
    result: notificationRow.extend({ counts: countsRow }),
    refusals: ['not-found', 'stale', 'busy', 'unknown'],
  },
  'notification.mark-all': {
    may: 'person',
    summary: 'Mark all that became unread up to a position; what arrived since stays.',
    input: z.object({ epoch, upTo: seq, set: allMarks }),
    result: z.object({ counts: countsRow }),
    refusals: ['epoch-changed', 'busy', 'unknown'],
  },
  'notification.delete': {
    may: 'person',
    summary: 'Delete one. Deleting twice is no mistake.',
    input: z.object({ id }),
    result: notificationRow.extend({ counts: countsRow }),
    refusals: ['not-found', 'busy', 'unknown'],
  },
} as const satisfies Record<string, Declared>
