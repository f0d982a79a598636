import type { Parsed } from '@belfry/protocol/commands.ts'
import { ID_MAX_AGE_MS } from '@belfry/protocol/limits.ts'
import type { Message } from '@belfry/protocol/rows.ts'
import { roomTopic } from '@belfry/protocol/topics.ts'
import { uuidTime, uuidv7 } from '@belfry/protocol/uuid.ts'
import { signedOut, standingSessions, topicsOf } from '#accounts/actor.ts'
import { Refusal } from '#lib/refusal.ts'
import type { Write } from '#store/batch.ts'
import type { Tx } from '#store/tx.ts'
import { blockedDirects } from './blocks.ts'
import { messagesWithIds } from './messages.ts'
import { type MemberNames, memberNames } from './names.ts'
import { type NewMessage, storeNewMessages } from './new-messages.ts'
import { promiseRinging } from './ringings.ts'
import { type Standing, type Standings, standingsOf, writingRefusal } from './standings.ts'

type PostMessage = Write<Parsed<'message.post'>>
type Posted = Message & { duplicate?: true }

/** message.post, in the transaction that has locked the room's topic [W7]. Refusals: not-found, forbidden, archived, conflict, expired. */
export async function postMessage(tx: Tx, write: PostMessage): Promise<Posted> {
  const [posted] = await postMessages(tx, [write])
  if (posted instanceof Refusal) throw posted
  return posted!
}

/** The batch form of the hot write: a handful of statements, however many messages [W4]. */
export async function postMessages(tx: Tx, writes: PostMessage[]): Promise<(Posted | Refusal)[]> {
  await tx.lock(...new Set(writes.flatMap(({ input, actor }) => [roomTopic(input.roomId), ...topicsOf(actor)])))
  const known = await whatDecides(tx, writes)
  const drafts = new Map<string, NewMessage>()
  const decisions = writes.map((write) => decide(write, { ...known, drafts, now: tx.now }))
  const stored = new Map((await storeNewMessages(tx, [...drafts.values()])).map((message) => [message.id, message]))
  await promiseRinging(tx, [...stored.values()])
  return decisions.map((decision) => {
    if (decision instanceof Refusal) return decision
    const message = stored.get(decision.id) ?? known.earlier.get(decision.id)!
    return decision.duplicate ? { ...message, duplicate: true } : message
  })
}

interface Known {
  earlier: Map<string, Message>
  /** The messages that are answered. */
  answered: Map<string, Message>
  sessions: Set<string>
  standings: Standings
  names: MemberNames
  /** Conversations of two of whom one has blocked the other. */
  blocked: Set<string>
}

async function whatDecides(tx: Tx, writes: PostMessage[]): Promise<Known> {
  const inputs = writes.map(({ input }) => input)
  const people = writes.flatMap(({ actor, input: { roomId } }) => (actor.is === 'person' ? { ...actor, roomId } : []))
  const standings = await standingsOf(tx.db, people)
  return {
    earlier: await byIds(
      tx,
      inputs.flatMap(({ id }) => id ?? []),
    ),
    answered: await byIds(
      tx,
      inputs.flatMap(({ replyTo }) => replyTo ?? []),
    ),
    sessions: await standingSessions(
      tx.db,
      people.map(({ sessionId }) => sessionId),
    ),
    standings,
    names: await memberNames(tx.db, inputs),
    blocked: await blockedDirects(tx.db, standings.directs),
  }
}

async function byIds(tx: Tx, ids: string[]): Promise<Map<string, Message>> {
  return new Map((await messagesWithIds(tx.db, ids)).map((message) => [message.id, message]))
}

/** The id is looked up before any right but the session's: whoever sends again gets the message, also when they may not post any more [W3]. */
function decide(
  write: PostMessage,
  known: Known & { drafts: Map<string, NewMessage>; now: number },
): Refusal | { id: string; duplicate: boolean } {
  const { actor, input } = write
  if (actor.is !== 'person') return new Refusal('forbidden', 'Only a person who is signed in can post messages.')
  if (!known.sessions.has(actor.sessionId)) return signedOut()

  const id = input.id ?? uuidv7()
  const earlier = known.earlier.get(id) ?? known.drafts.get(id)
  if (earlier) {
    const same = earlier.authorId === actor.userId && earlier.roomId === input.roomId
    return same ? { id, duplicate: true } : new Refusal('conflict', 'This id is taken. Make a new one.')
  }
  if (uuidTime(id) < known.now - ID_MAX_AGE_MS)
    return new Refusal('expired', 'This message waited more than 30 days to be sent. Post it anew.')
  const { roomId, body, replyTo = null } = input
  const standing = known.standings.of(roomId, actor.userId)
  const refusal = writingRefusal(standing) ?? refusalOfAnswer(replyTo === null ? null : known.answered.get(replyTo), { roomId, standing })
  if (refusal) return refusal
  if (known.blocked.has(roomId)) return new Refusal('forbidden', 'One of you has blocked the other: nothing is written here.')

  const text = { body, replyTo, names: known.names.in(input) }
  known.drafts.set(id, { id, roomId, authorId: actor.userId, ...text, createdAt: known.now, editedAt: null, deletedAt: null })
  return { id, duplicate: false }
}

/** One answers what stands in the room, and what one sees. `answered` null: nothing is answered. */
function refusalOfAnswer(
  answered: Message | undefined | null,
  { roomId, standing }: { roomId: string; standing: Standing | undefined },
): Refusal | null {
  if (answered === null) return null
  const isThere = answered?.roomId === roomId && answered.deletedAt === null && answered.n > (standing?.seesAfter ?? 0)
  return isThere ? null : new Refusal('not-found', 'The message that this answers does not stand in this room any more.')
}
