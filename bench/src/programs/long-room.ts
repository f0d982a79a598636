import type { History } from '@belfry/server/imports/history.ts'
import { openFolder } from './belfry-server.ts'

/** A room of elsewhere in which much was said. */
export interface LongRoom {
  id: string
  name: string
  messages: number
  authors: number
}

/** As many as #ubuntu has in the logs that are imported elsewhere, by as many people. */
export const LONG_ROOM: LongRoom = { id: 'long', name: 'Long', messages: 196_146, authors: 15_734 }

/** Stored in one transaction: more of them would take too much memory. */
const MESSAGES_AT_ONCE = 200_000
const MINUTE_MS = 60_000
const FIRST_AT = Date.UTC(2010, 0, 1)
const WORDS = 'the quick brown fox jumps over a lazy dog while nobody in this room looks up from what they were about to write'.split(' ')

/** Puts a long room into a data folder, as an import does: everybody with an account is a member, and can write in it. */
export async function makeLongRoom(folder: string, room = LONG_ROOM): Promise<void> {
  await using store = await openFolder(folder)
  const { id, name } = room
  const outsiders = Array.from({ length: room.authors }, (_, at) => {
    const username = `nick-${at}`
    return { key: username, username, name: username, createdAt: FIRST_AT, from: 'irc' }
  })
  for (let from = 0; from < room.messages; from += MESSAGES_AT_ONCE) {
    const history: History = { room: { id, name }, accounts: [], outsiders, messages: said(room, from), notifications: [] }
    await store.write({ name: 'history.store', input: history, actor: { is: 'operator' } })
  }
}

/** No more than fit into a transaction. */
function said(room: LongRoom, from: number): History['messages'] {
  return Array.from({ length: Math.min(MESSAGES_AT_ONCE, room.messages - from) }, (_, behind) => ({
    id: messageId(from + behind + 1, room),
    author: `nick-${authorOf(from + behind, room)}`,
    body: bodyOf(from + behind),
    createdAt: FIRST_AT + (from + behind) * MINUTE_MS,
  }))
}

export function messageId(n: number, { id } = LONG_ROOM): string {
  return `${id}-${n}`
}

/** Most is said by few; all say something. */
function authorOf(at: number, { authors }: LongRoom): number {
  return at % 12 === 0 ? Math.floor(at / 12) % authors : (Math.floor(at / 3) * 7) % 180
}

/** From a word to some lines. */
function bodyOf(at: number): string {
  const length = 1 + ((at * 13) % 7) * ((at * 5) % 4)
  return Array.from({ length }, (_, word) => WORDS[(at + word * 3) % WORDS.length]).join(' ')
}
