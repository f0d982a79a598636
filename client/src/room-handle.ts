import type { Input, Result } from '@belfry/protocol/commands.ts'
import type { Member, Message, Place, Room as RoomRow } from '@belfry/protocol/rows.ts'
import type { Found } from './history.ts'
import type { Observable } from './observable.ts'
import type { TimelineItem } from './timeline.ts'

export interface RoomHandle {
  readonly id: string
  readonly view: Observable<RoomView>
  /** Stored in the outbox; returns the message's id at once. `id`: of one that was posted before, perhaps: it is posted once. Throws when too many changes wait. */
  post(body: string, more?: { replyTo?: string; id?: string }): string
  edit(id: string, body: string): void
  remove(id: string): void
  /** A failed one is sent again: an edit upon the newest state, a post whose id was refused under a new one. */
  retry(id: string): void
  /** Gives a failed one up. */
  discard(id: string): void
  /** Adds an emoji of one's own; it is in the view when this resolves. This and what follows, up to `arrange`, rejects with `RefusalError` or `ConnectionLost`. */
  react(id: string, emoji: string): Promise<void>
  unreact(id: string, emoji: string): Promise<void>
  /** What a message has said: the present text first. */
  versions(id: string): Promise<readonly Version[]>
  /** Become a member of an open room. */
  join(): Promise<void>
  leave(): Promise<void>
  update(changes: RoomChanges): Promise<void>
  /** A page of its members; `cursor`: the `next` of the page before; `query`: those whose name holds it. */
  members(asked?: { cursor?: string; query?: string; limit?: number }): Promise<Result<'member.list'>>
  addMember(userId: string): Promise<Member>
  setRole(userId: string, role: Member['role']): Promise<Member>
  removeMember(userId: string): Promise<Member>
  /** How one has the room oneself: what of it rings, whether it is a favourite, whether it is listed. */
  arrange(place: Arrangement): Promise<void>
  /** Resolves when the page is in the view; rejects when it could not be loaded. */
  loadEarlier(): Promise<void>
  /** The same for what follows the last message shown, where that is not the newest. */
  loadLater(): Promise<void>
  /** Shows the messages around this one; waits for the connection. Rejects with `RefusalError`: `not-found` when there is no such message. */
  showAround(messageId: string): Promise<Found>
  /** The same for what stands at a number. Rejects when it could not be loaded. */
  showNumber(n: number): Promise<void>
  showLatest(): void
  /** Says which message is being answered, wherever it stands; null: none. It is among `quoted` from then on. */
  answers(id: string | null): void
  /** Moves the read marker on to this number, on all devices, and reads what rang up to there; said again when the connection loses it. */
  readTo(n: number): void
  /** Makes this message, and what follows it, unread again. */
  unreadFrom(n: number): void
  /** Who types there, but oneself: their ids, in the order in which they began. It ends by itself. */
  readonly typing: Observable<readonly string[]>
  /** One types. For each change of the text: it is said now and then. */
  types(): void
  /** Says which message (its number) the reader has before them; null: the newest. What is far from there is let go of, and can be loaded again. */
  reads(n: number | null): void
}

export type Arrangement = Omit<Input<'place.update'>, 'roomId'>

/** One text of a message, and when it was written. */
export type Version = Result<'message.versions'>['items'][number]

/** What could not be done to a message, and the refusal's sentence. */
export interface RefusedChange {
  id: string
  wants: 'edit' | 'delete'
  failure: string
}

/** What of a room is to be another now. */
export type RoomChanges = Omit<Input<'room.update'>, 'roomId'>

export interface RoomView {
  is: 'loading' | 'ready' | 'gone'
  /** Of a conversation blank: it is called by its people. */
  name: string
  /** Who is in a conversation, oneself among them; null: it is another room, or not known. */
  people: readonly string[] | null
  /** Whether it has begun as a conversation of two, and stays one: not a group of which two are left. */
  isPair: boolean
  /** `open`, `closed`, `direct`; null until it is known. */
  kind: string | null
  /** Null until it is known. */
  isMember: boolean | null
  /** One's own; null: no member, or not known. */
  role: Member['role'] | null
  description: string
  posting: RoomRow['posting']
  history: RoomRow['history']
  notify: Place['notify']
  isFavourite: boolean
  /** The seq at which somebody came, went or got another role last, as far as the stream has told; 0: it has told of nobody. */
  membersChanged: number
  /** Up to which number messages are not told to one: what was written before one came, where newcomers do not see that. */
  seesAfter: number
  /** Up to which number it is read; null: no member, or not known. */
  readTo: number | null
  /** Standing messages of others behind that; 100 are 100 or more. */
  unread: number
  /** What rang for one here, and is unread in the inbox. */
  mentions: number
  archivedAt: number | null
  /** Standing messages by n, and below the newest what waits in the outbox, in its order. Unchanged items keep their identity. */
  items: readonly TimelineItem[]
  /** The newest of all, with what waits: the same array, unless an earlier part of the history is shown. */
  latest: readonly TimelineItem[]
  /** Edits and deletions that were refused, of messages that are not among those: given up with `discard`. */
  refused: readonly RefusedChange[]
  /** The messages that items answer, and the one that is being answered, by id; null: it is not there. What is not known yet is left out. */
  quoted: ReadonlyMap<string, Message | null>
  /** The lowest number of the part that is shown: what is not among the items from there on was deleted. */
  from: number
  /** Whether older ones exist beyond that. */
  earlier: boolean
  /** Whether newer ones exist beyond the last of the items. */
  later: boolean
  /** Another number after each jump: then what is shown has nothing to do with what was shown before. */
  jumps: number
}
