import { writes } from '@belfry/server/commands.ts'
import type { History } from '@belfry/server/imports/history.ts'
import { systemClock } from '@belfry/server/lib/clock.ts'
import { openStore } from '@belfry/server/store/store.ts'

/** As many as #ubuntu has in the logs that are imported elsewhere, by as many people. */
export const LONG_ROOM = { id: 'long', name: 'Long', messages: 196_146, authors: 15_734 }

const MINUTE_MS = 60_000
const FIRST_AT = Date.UTC(2010, 0, 1)
const WORDS = 'the quick brown fox jumps over a lazy dog while nobody in this room looks up from what they were about to write'.split(' ')

/** Puts a long room into a data folder, as an import does: everybody with an account is a member, and can write in it. */
export async function makeLongRoom(folder: string): Promise<void> {
  const { id, name, messages, authors } = LONG_ROOM
  await using store = await openStore({
    folder,
    writes,
    clock: systemClock,
    onAnnouncements() {},
    onFailure: (failure) => console.error(failure),
  })
  const outsiders = Array.from({ length: authors }, (_, at) => {
    const username = `nick-${at}`
    return { key: username, username, name: username, createdAt: FIRST_AT, from: 'irc' }
  })
  const said = Array.from({ length: messages }, (_, at) => ({
    id: messageId(at + 1),
    author: `nick-${authorOf(at)}`,
    body: bodyOf(at),
    createdAt: FIRST_AT + at * MINUTE_MS,
  }))
  const history: History = { room: { id, name }, accounts: [], outsiders, messages: said, notifications: [] }
  await store.write({ name: 'history.store', input: history, actor: { is: 'operator' } })
}

export function messageId(n: number): string {
  return `${LONG_ROOM.id}-${n}`
}

/** Most is said by few; all say something. */
function authorOf(at: number): number {
  return at % 12 === 0 ? Math.floor(at / 12) % LONG_ROOM.authors : (Math.floor(at / 3) * 7) % 180
}

/** From a word to some lines. */
function bodyOf(at: number): string {
  const length = 1 + ((at * 13) % 7) * ((at * 5) % 4)
  return Array.from({ length }, (_, word) => WORDS[(at + word * 3) % WORDS.length]).join(' ')
}
