import type { Result } from '@belfry/protocol/commands.ts'
import type { Member, Place, Room } from '@belfry/protocol/rows.ts'
import type { Unread } from './unread.ts'

/** A room as lists have it, with how one has it oneself. */
export type ListedRoom = Result<'room.list'>['items'][number] & OwnPlace

type OwnPlace = Pick<Place, 'notify' | 'mentions' | 'favouriteAt' | 'hiddenTo'>

/** Until one's own topic tells, and where one is no member. */
export const USUAL_PLACE: OwnPlace = { notify: 'mentions', mentions: 0, favouriteAt: null, hiddenTo: null }

/** What rows have told of one room. */
export interface Told {
  room?: Room
  member?: Member
}

/** As the server has listed it, with what rows and bumps have told since laid over it. */
export function listedNow(
  answered: ListedRoom,
  now: { told: Told | undefined; unread: Unread | undefined; place: Place | null },
): ListedRoom {
  return { ...withUnread(laidOver(answered, now.told), now.unread), ...placeOf(now.place) }
}

function placeOf(place: Place | null): OwnPlace {
  if (!place || place.endedAt !== null) return USUAL_PLACE
  const { notify, mentions, favouriteAt, hiddenTo } = place
  return { notify, mentions, favouriteAt, hiddenTo }
}

function withUnread(listed: ListedRoom, unread: Unread | undefined): ListedRoom {
  if (listed.role === null || !unread) return { ...listed, readTo: null, unread: 0 }
  return { ...listed, posted: unread.posted, readTo: unread.readTo, unread: unread.count }
}

/** What a list says of a room that its row decides. */
export function aboutRoom({ name, description, kind, posting, history, archivedAt }: Room) {
  return { name, description, kind, posting, history, archivedAt }
}

/** Who is in a conversation, as far as the rows of its members tell: until the list of rooms says it. */
export function conversationOf(kind: Room['kind'] | undefined, members: Iterable<Member>): Pick<ListedRoom, 'people' | 'isPair'> {
  if (kind !== 'direct') return { people: null, isPair: false }
  const ever = [...members]
  return { people: ever.filter(({ endedAt }) => endedAt === null).map(({ id }) => id), isPair: ever.length === 2 }
}

export function newest<Row extends { changed: number }>(known: Row | undefined, row: Row | undefined): Row | undefined {
  return known && (!row || row.changed <= known.changed) ? known : row
}

/** The seq at which one of these changed last; 0: there are none. */
export function lastChange(rows: Iterable<{ changed: number }>): number {
  let last = 0
  for (const { changed } of rows) last = Math.max(last, changed)
  return last
}

/** The answer says up to which seq of the room it is true. */
function laidOver(listed: ListedRoom, { room, member }: Told = {}): ListedRoom {
  return {
    ...listed,
    ...(room && room.changed > listed.seq && aboutRoom(room)),
    ...(member && member.changed > listed.seq && { role: member.endedAt === null ? member.role : null, seesAfter: member.seesAfter }),
  }
}
