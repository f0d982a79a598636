import { z } from 'zod'
import type { Declared } from './command.ts'
import { changeOf, limit, readAt, seq } from './command.ts'
import { DIRECT_PEOPLE_MAX, NAME_MAX_CHARS, READ_ROOMS_MAX, ROOM_DESCRIPTION_MAX_CHARS } from './limits.ts'
import { memberRow, placeRow, roomRow } from './rows.ts'
import { id, line, newId, storable } from './text.ts'

const { kind, posting, history } = roomRow.shape
const { role } = memberRow.shape
const about = {
  description: storable(ROOM_DESCRIPTION_MAX_CHARS).optional(),
  posting: posting.optional(),
  history: history.optional(),
}
const duplicate = z.literal(true).optional()

/**
 * A room as lists have it, at `seq` of its topic. `posted`: how many messages there ever were. `role`: one's own in it; null: one is no
 * member, and then has no read marker (`readTo`) either. `seesAfter`: up to which number messages are not told to one. `unread`: standing
 * messages of others behind the marker, up to 100. `people`: who is in a conversation; null: it is a room with a name. `isPair`: it has begun as
 * a conversation of two, and stays one.
 */
const listedRoom = roomRow.omit({ changed: true, createdAt: true }).extend({
  seq,
  posted: z.int(),
  people: z.array(id).nullable(),
  isPair: z.boolean(),
  role: role.nullable(),
  seesAfter: z.int(),
  readTo: z.int().nullable(),
  unread: z.int(),
  mentions: z.int(),
})

/** Who is somebody's equal in a room, or above: an owner may all, and so may an administrator in an open room. */
export const roomCommands = {
  'room.list': {
    may: 'person',
    summary: 'Rooms that one may see: a view for lists, not rows to merge.',
    input: z.object({}),
    result: z.object({ items: z.array(listedRoom), next: z.null() }),
    refusals: [],
  },
  'room.create': {
    may: 'person',
    summary: 'Make a room, and own it. With the same `id` again: the room that is there, with `duplicate: true`.',
    input: z.object({ id: newId.optional(), name: line(NAME_MAX_CHARS), kind: kind.exclude(['direct']), ...about }),
    result: roomRow.extend({ duplicate }),
    refusals: ['forbidden', 'name-taken', 'conflict', 'expired', 'rate-limited', 'busy', 'unknown'],
  },
  'direct.open': {
    may: 'person',
    summary:
      'The conversation of oneself and these people: the one that is there (`duplicate: true`), or a new one. Others learn of it with its first message.',
    input: z.object({ people: z.array(id).min(1).max(DIRECT_PEOPLE_MAX) }),
    result: roomRow.extend({ people: z.array(id), duplicate }),
    refusals: ['unknown-recipient', 'forbidden', 'too-large', 'rate-limited', 'busy', 'unknown'],
  },
  'room.update': {
    may: 'person',
    summary: 'Rename or describe a room, as its moderators may; open, close or archive it, or say who posts, as its owners may.',
    input: changeOf(
      { roomId: id },
      {
        name: line(NAME_MAX_CHARS).optional(),
        kind: kind.exclude(['direct']).optional(),
        ...about,
        archived: z.boolean().optional(),
      },
    ),
    result: roomRow,
    refusals: ['not-found', 'forbidden', 'name-taken', 'rate-limited', 'busy', 'unknown'],
  },
  'room.join': {
    may: 'person',
    summary: 'Become a member of an open room: from then on one may write there. Twice is no mistake.',
    input: z.object({ roomId: id }),
    result: memberRow.extend({ duplicate }),
    refusals: ['not-found', 'archived', 'rate-limited', 'busy', 'unknown'],
  },
  'room.read': {
    may: 'person',
    summary:
      'Move the read marker of a room on to a number; `back: true` also moves it back, so that what follows is unread again. With the `changed` of the place that was seen, another state is `stale`, unless the marker stands there already.',
    input: z.object({ roomId: id, readTo: z.int().nonnegative(), back: z.literal(true).optional(), changed: seq.optional() }),
    result: placeRow,
    refusals: ['not-found', 'stale', 'rate-limited', 'busy', 'unknown'],
  },
  'room.read-all': {
    may: 'person',
    summary: 'Move the read markers of many rooms on, each to a number. Rooms in which one has no place are passed over.',
    input: z.object({
      rooms: z
        .array(z.object({ roomId: id, readTo: z.int().nonnegative() }))
        .min(1)
        .max(READ_ROOMS_MAX),
    }),
    result: z.object({ items: z.array(placeRow) }),
    refusals: ['rate-limited', 'busy', 'unknown'],
  },
  'place.update': {
    may: 'person',
    summary: 'How one has a room: what of it rings, whether it is a favourite, whether it is listed before something new is said there.',
    input: changeOf(
      { roomId: id },
      {
        notify: placeRow.shape.notify.optional(),
        isFavourite: z.boolean().optional(),
        isHidden: z.boolean().optional(),
      },
    ),
    result: placeRow,
    refusals: ['not-found', 'busy', 'unknown'],
  },
  'room.leave': {
    may: 'person',
    summary: 'Be no member of a room any more. Its last owner names another one first. Twice is no mistake.',
    input: z.object({ roomId: id }),
    result: memberRow,
    refusals: ['not-found', 'forbidden', 'last-owner', 'rate-limited', 'busy', 'unknown'],
  },
  'member.list': {
    may: 'person',
    summary:
      'The members of a room that one may read: owners, moderators, and then the others, by user name; `query`: those whose name or user name holds it, and first of all those where it begins so; last of all those whose id alone holds it.',
    input: z.object({ roomId: id, query: storable(NAME_MAX_CHARS).optional(), cursor: id.optional(), limit }),
    result: z.object({ items: z.array(memberRow), next: z.string().nullable(), total: z.int(), ...readAt }),
    refusals: ['not-found'],
  },
  'member.add': {
    may: 'person',
    summary:
      'Make somebody a member: of an open room or a conversation of three and more any member may, of a closed room its moderators. Twice is no mistake.',
    input: z.object({ roomId: id, id }),
    result: memberRow.extend({ duplicate }),
    refusals: ['not-found', 'forbidden', 'archived', 'conflict', 'too-large', 'rate-limited', 'busy', 'unknown'],
  },
  'member.update': {
    may: 'person',
    summary: 'Give a member another role, as owners may. The last owner stays one.',
    input: z.object({ roomId: id, id, role }),
    result: memberRow,
    refusals: ['not-found', 'forbidden', 'last-owner', 'rate-limited', 'busy', 'unknown'],
  },
  'member.remove': {
    may: 'person',
    summary: 'End a membership, as moderators may that of ordinary members, and owners any. It ends at once, on every device.',
    input: z.object({ roomId: id, id }),
    result: memberRow,
    refusals: ['not-found', 'forbidden', 'last-owner', 'rate-limited', 'busy', 'unknown'],
  },
} as const satisfies Record<string, Declared>
