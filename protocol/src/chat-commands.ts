import { z } from 'zod'
import type { Declared } from './command.ts'
import { idList, limit, number, readAt, seq } from './command.ts'
import { MESSAGE_MAX_CHARS, PAGE_MAX_ITEMS } from './limits.ts'
import { messageRow, reactionRow } from './rows.ts'
import { emoji, id, newId, text } from './text.ts'

const reactionInput = z.object({ roomId: id, id, emoji })

export const chatCommands = {
  'message.list': {
    may: 'person',
    summary:
      'A page of messages, oldest first; the newest page unless asked otherwise. `before` and `after` are numbers, `around` an id; `ids`: these messages alone, wherever they stand.',
    input: z.object({
      roomId: id,
      before: number.optional(),
      after: number.optional(),
      around: id.optional(),
      ids: idList(PAGE_MAX_ITEMS).optional(),
      limit,
    }),
    /** `reactions`: those that stand at these messages. `next`: what to ask `before` with (or `after`, if that was asked) for more; null: there is no more. */
    result: z.object({ items: z.array(messageRow), reactions: z.array(reactionRow), next: z.int().nullable(), ...readAt }),
    refusals: ['not-found'],
  },
  'message.post': {
    may: 'person',
    summary: 'Post a message. With the same `id` again: the message that is there, with `duplicate: true`.',
    /** `replyTo`: a standing message of the room. */
    input: z.object({ roomId: id, id: newId.optional(), body: text(MESSAGE_MAX_CHARS), replyTo: id.optional() }),
    result: messageRow.extend({ duplicate: z.literal(true).optional() }),
    refusals: ['not-found', 'forbidden', 'archived', 'conflict', 'expired', 'rate-limited', 'busy', 'unknown'],
  },
  'message.edit': {
    may: 'person',
    summary: "Change the text of one's own message. `changed`: the state that one saw.",
    input: z.object({ roomId: id, id, body: text(MESSAGE_MAX_CHARS), changed: seq }),
    result: messageRow,
    refusals: ['not-found', 'forbidden', 'archived', 'stale', 'rate-limited', 'busy', 'unknown'],
  },
  'message.delete': {
    may: 'person',
    summary: "Delete one's own message, or as a room's moderator anybody's; a tombstone stays. Deleting twice is no mistake.",
    input: z.object({ roomId: id, id }),
    result: messageRow,
    refusals: ['not-found', 'rate-limited', 'busy', 'unknown'],
  },
  'message.versions': {
    may: 'person',
    summary: 'The texts that a standing message has had: the present one, and before it the former ones, the newest first.',
    input: z.object({ roomId: id, id }),
    result: z.object({ items: z.array(z.object({ body: z.string(), writtenAt: z.int() })), ...readAt }),
    refusals: ['not-found'],
  },
  'reaction.add': {
    may: 'person',
    summary: "Add an emoji of one's own to a message, as any member may. Twice is no mistake.",
    input: reactionInput,
    result: reactionRow.extend({ duplicate: z.literal(true).optional() }),
    refusals: ['not-found', 'forbidden', 'archived', 'too-large', 'rate-limited', 'busy', 'unknown'],
  },
  'reaction.remove': {
    may: 'person',
    summary: "Take one's own emoji back from a message. Twice is no mistake.",
    input: reactionInput,
    result: reactionRow,
    refusals: ['not-found', 'archived', 'rate-limited', 'busy', 'unknown'],
  },
} as const satisfies Record<string, Declared>
