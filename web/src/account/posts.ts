import type { Belfry } from '@belfry/client/belfry.ts'
import { has, isText, orAbsent } from '@belfry/client/shape.ts'
import type { User } from '@belfry/protocol/rows.ts'
import { kept, keptKey, parsed } from './kept.ts'

interface Account {
  user: User
  belfry: Belfry
}

interface Post {
  roomId: string
  body: string
  replyTo?: string
}

const POST = { roomId: isText, body: isText, replyTo: orAbsent(isText) }

/** Sends a message. Until that outlives the page, its text is kept beside: a page that goes before sends it all the same, once. Throws when too many wait. */
export function post(account: Account, message: Post): void {
  keepUntilSafe(account, message, send(account, message))
}

/** Sends what an earlier page may not have got into its outbox; the same id makes it harmless that it may have. What finds no room waits for the next page. */
export function postAgain(account: Account): void {
  const begin = postKey(account, '')
  const keys = kept.keys().filter((key) => key.startsWith(begin))
  for (const key of keys.toSorted()) {
    const message = parsed(kept.get(key))
    if (!has(message, POST)) kept.remove(key)
    else if (!sendsAgain(account, message as unknown as Post, key.slice(begin.length))) return
  }
}

function sendsAgain(account: Account, message: Post, id: string): boolean {
  try {
    keepUntilSafe(account, message, send(account, message, id))
    return true
  } catch {
    return false
  }
}

function send({ belfry }: Account, { roomId, body, replyTo }: Post, id?: string): string {
  return belfry.room(roomId).post(body, { ...(replyTo !== undefined && { replyTo }), ...(id !== undefined && { id }) })
}

function keepUntilSafe(account: Account, message: Post, id: string): void {
  const key = postKey(account, id)
  kept.set(key, JSON.stringify(message))
  void account.belfry.whenSafe(id).then(() => kept.remove(key))
}

function postKey({ user }: Account, id: string): string {
  return keptKey(user.id, `post:${id}`)
}
