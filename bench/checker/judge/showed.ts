import type { Event, Shown } from '#checker/record/journal.ts'
import type { Database, StoredMessage } from './database.ts'
import type { ClientHistory, History } from './history.ts'
import { sayOf, type Verdict } from './verdict.ts'

type Showed = Extract<Event, { is: 'showed' }>
type Counted = Extract<Event, { is: 'counted' }>

/** What a screen shows in the end, against the database. */
export function showedVerdicts(client: ClientHistory, event: Event, history: History): Verdict[] {
  if (typeof event === 'number' || client.isOver) return []
  if (event.is === 'showed') return roomVerdicts(client, event, history)
  return event.is === 'counted' ? inboxVerdicts(client, event, history) : []
}

function roomVerdicts(
  { name, userId }: ClientHistory,
  { roomId, view, isWhole, isNewest, items }: Showed,
  { database, memberships }: History,
): Verdict[] {
  const say = sayOf(name)
  if (!memberships.mayRead(roomId, userId)) return items.length > 0 ? say('unauthorised', 'A2', `still shows ${roomId}`) : []
  if (view !== 'ready') return say('lost', 'F7', `shows ${roomId} as ${view}`)
  const first = isWhole ? 0 : (items[0]?.n ?? Infinity)
  const last = isNewest ? Infinity : (items.findLast(({ n }) => n !== null)?.n ?? 0)
  const standing = (database.rooms.get(roomId) ?? []).filter(({ isDeleted, n }) => !isDeleted && n >= first && n <= last)
  const shown = new Map(items.map((item) => [item.id, item]))
  return [
    ...repeated(items).flatMap((what) => say('doubled', 'W3', `shows ${what} twice in ${roomId}`)),
    ...disordered(items).flatMap((n) => say('reordered', 'F5', `shows number ${n} of ${roomId} behind a later one`)),
    ...standing.flatMap((message) => {
      const item = shown.get(message.id)
      if (!item) return say('lost', 'F5', `does not show ${message.id}, number ${message.n} of ${roomId}`)
      return isSame(item, message) ? [] : say('hole', 'F5', `shows ${message.id} as of ${item.changed}, it changed at ${message.changed}`)
    }),
    ...unknown(items, standing).flatMap(({ id }) => say('phantom', 'F5', `shows ${id} in ${roomId}, which does not stand there`)),
  ]
}

function inboxVerdicts(client: ClientHistory, { unread, ids, isWhole }: Counted, { database }: History): Verdict[] {
  const say = sayOf(client.name)
  const counted = database.counts.get(client.userId)?.unread ?? 0
  const shown = new Set(ids)
  const oldest = isWhole ? '' : (ids.toSorted()[0] ?? '')
  const own = [...database.notifications.values()].filter((row) => row.userId === client.userId && row.isListed && row.id >= oldest)
  return [
    ...(unread === counted ? [] : say('hole', 'N3', `shows ${unread} as unread, ${counted} are`)),
    ...own.filter(({ id }) => !shown.has(id)).flatMap(({ id }) => say('lost', 'N1', `does not show notification ${id}`)),
    ...ids.filter((id, at) => ids.indexOf(id) < at).flatMap((id) => say('doubled', 'F5', `shows notification ${id} twice`)),
    ...ids
      .filter((id, at) => at > 0 && id > ids[at - 1]!)
      .flatMap((id) => say('reordered', 'F5', `shows notification ${id} below an older one`)),
    ...[...shown].flatMap((id) => strayVerdicts(client, id, database)),
  ]
}

/** What is shown of the inbox, and does not stand there. */
function strayVerdicts({ name, userId }: ClientHistory, id: string, { notifications }: Database): Verdict[] {
  const say = sayOf(name)
  const stored = notifications.get(id)
  if (!stored) return say('phantom', 'F5', `shows notification ${id}, which is not there`)
  if (stored.userId !== userId) return say('unauthorised', 'N1', `shows notification ${id}, which is not theirs`)
  return stored.isListed ? [] : say('phantom', 'N3', `shows notification ${id}, which was archived or deleted`)
}

/** Ids, and what is said, that stand there twice. */
function repeated(items: Shown[]): string[] {
  const words = items.flatMap(({ id, said }) => [id, ...(said === null ? [] : [said])])
  const seen = new Set<string>()
  return words.filter((word) => seen.size === seen.add(word).size)
}

function disordered(items: Shown[]): number[] {
  const numbers = items.flatMap(({ n }) => n ?? [])
  return numbers.filter((n, at) => at > 0 && n <= numbers[at - 1]!)
}

/** What failed, or still waits, is nobody's yet. */
function unknown(items: Shown[], standing: StoredMessage[]): Shown[] {
  const ids = new Set(standing.map(({ id }) => id))
  return items.filter(({ id, n }) => n !== null && !ids.has(id))
}

function isSame(item: Shown, message: StoredMessage): boolean {
  return item.n === message.n && item.changed === message.changed && item.text === message.text
}
