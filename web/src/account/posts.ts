import { has, isText, orAbsent } from '@belfry/client/shape.ts'
import { kept, keptKey, parsed } from './kept.ts'
import type { Account } from './use-account.ts'

interface Post {
  roomId: string
  body: string
  replyTo?: string
}

/**
 * Sends a message; answers its id. Until it outlives the page its text is kept beside: a page that goes before sends it all the same, once.
 * `isKept`: there was room for that. Throws when too many wait.
 */
export function post(account: Account, message: Post): { id: string; isKept: boolean } {
  const id = send(account, message)
  return { id, isKept: keepUntilSafe(account, message, id) }
}

/** Sends what an earlier page may not have got into its outbox: the same id makes it harmless that it may have. */
export function postAgain(account: Account): void {
  const begin = postKey(account, '')
  const keys = kept.keys().filter((key) => key.startsWith(begin))
  const fullRooms = new Set<string>()
  for (const key of keys.toSorted()) {
    const message = keptPost(key)
    if (!message) kept.remove(key)
    else if (!fullRooms.has(message.roomId) && !sendsAgain(account, message, key.slice(begin.length))) fullRooms.add(message.roomId)
  }
}

/** Its author has changed what they sent, or taken it back (null): so is what is kept of it. */
export function changePost(account: Account, id: string, body: string | null): void {
  const key = postKey(account, id)
  const message = keptPost(key)
  if (!message) return
  if (body === null) kept.remove(key)
  else kept.set(key, JSON.stringify({ ...message, body }))
}

/** False: too many wait in its room; the next page tries again. */
function sendsAgain(account: Account, message: Post, id: string): boolean {
  try {
    send(account, message, id)
  } catch {
    return false
  }
  keepUntilSafe(account, message, id)
  return true
}

function send({ belfry }: Account, { roomId, body, replyTo }: Post, id?: string): string {
  return belfry.room(roomId).post(body, { ...(replyTo !== undefined && { replyTo }), ...(id !== undefined && { id }) })
}

function keepUntilSafe(account: Account, message: Post, id: string): boolean {
  const key = postKey(account, id)
  const isKept = kept.set(key, JSON.stringify(message))
  void account.belfry.whenSafe(id).then(() => kept.remove(key))
  return isKept
}

function keptPost(key: string): Post | null {
  const value = parsed(kept.get(key))
  return isPost(value) ? value : null
}

function isPost(value: unknown): value is Post {
  return has(value, { roomId: isText, body: isText, replyTo: orAbsent(isText) })
}

function postKey({ user }: Account, id: string): string {
  return keptKey(user.id, `post:${id}`)
}
