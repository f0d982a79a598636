import { type Topic, userTopic, WORKSPACE_TOPIC } from '@belfry/protocol/topics.ts'
import type { Kysely } from 'kysely'
import { Refusal } from '#lib/refusal.ts'
import type { Actor } from '#store/batch.ts'
import { compiledOnce, rounded } from '#store/compiled-once.ts'
import type { Tables } from '#store/schema.ts'
import type { Tx } from '#store/tx.ts'

export type Person = Extract<Actor, { is: 'person' }>

/** The transaction that acts, or the snapshot that is read. */
type Within = Pick<Tx, 'db'>

/** The person who acts, or looks, whose session still stands [A1] [A4]. */
export async function requirePerson({ db }: Within, actor: Actor): Promise<Person> {
  if (actor.is !== 'person') throw new Refusal('forbidden', 'Only a person who is signed in can do this.')
  const standing = await standingSessions(db, [actor.sessionId])
  if (!standing.has(actor.sessionId)) throw signedOut()
  return actor
}

/** Lets an administrator pass whose session and role still stand [A1], and the operator of the server's machine. */
export async function requireAdmin(within: Within, actor: Actor): Promise<void> {
  if (actor.is === 'operator') return
  const { userId } = await requirePerson(within, actor)
  const user = await within.db.selectFrom('users').select(['role', 'disabledAt']).where('id', '=', userId).executeTakeFirst()
  if (user?.role !== 'admin' || user.disabledAt !== null) throw new Refusal('forbidden', 'Only an administrator can do this.')
}

/** Lets whoever may ring others' bells pass: a program whose key still stands, an administrator, the operator. */
export async function requireNotifier(within: Within, actor: Actor): Promise<void> {
  if (actor.is !== 'program') return requireAdmin(within, actor)
  const key = await within.db.selectFrom('keys').select('revokedAt').where('id', '=', actor.keyId).executeTakeFirst()
  if (!key || key.revokedAt !== null) throw new Refusal('unauthenticated', 'This API key was revoked.')
}

/** The topics that hold what an actor's right rests on: a write locks them with its own, before it looks [W7]. */
export function topicsOf(actor: Actor): Topic[] {
  return actor.is === 'person' ? [userTopic(actor.userId)] : []
}

/** The same for what only administrators may: roles are rows of the workspace. */
export function topicsOfAdmin(actor: Actor): Topic[] {
  return [...topicsOf(actor), WORKSPACE_TOPIC]
}

/** What only the command line on the server's machine may do. */
export function requireOperator(actor: Actor): void {
  if (actor.is !== 'operator') throw new Refusal('forbidden', 'Only the operator of the server can do this.')
}

/** Which of these sessions have not ended. */
export async function standingSessions(db: Kysely<Tables>, sessionIds: string[]): Promise<Set<string>> {
  if (sessionIds.length === 0) return new Set()
  return new Set((await standingOf(db, rounded(sessionIds))).map(({ id }) => id))
}

const standingOf = compiledOnce((db, sessionIds: string[]) =>
  db.selectFrom('sessions').select('id').where('id', 'in', sessionIds).where('endedAt', 'is', null),
)

export function signedOut(): Refusal {
  return new Refusal('unauthenticated', 'This device is no longer signed in. Sign in again.')
}
