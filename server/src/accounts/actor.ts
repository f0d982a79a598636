import { type Topic, userTopic } from '@belfry/protocol/topics.ts'
import type { Kysely } from 'kysely'
import { Refusal } from '#lib/refusal.ts'
import type { Actor } from '#store/batch.ts'
import type { Tables } from '#store/schema.ts'
import type { Tx } from '#store/tx.ts'

export type Person = Extract<Actor, { is: 'person' }>

/** The person who acts, whose session still stands in this transaction [A1] [A4]. */
export async function requirePerson(tx: Tx, actor: Actor): Promise<Person> {
  if (actor.is !== 'person') throw new Refusal('forbidden', 'Only a person who is signed in can do this.')
  const standing = await standingSessions(tx.db, [actor.sessionId])
  if (!standing.has(actor.sessionId)) throw signedOut()
  return actor
}

/** Refuses a program whose key was revoked meanwhile; lets the operator of the server's machine pass. */
export async function requireProgram(tx: Tx, actor: Actor): Promise<void> {
  if (actor.is === 'operator') return
  if (actor.is !== 'program') throw new Refusal('forbidden', 'This needs an API key.')
  const key = await tx.db.selectFrom('keys').select('revokedAt').where('id', '=', actor.keyId).executeTakeFirst()
  if (!key || key.revokedAt !== null) throw new Refusal('unauthenticated', 'This API key was revoked.')
}

/** The topics that hold what an actor's right rests on: a write locks them with its own, before it looks [W7]. */
export function topicsOf(actor: Actor): Topic[] {
  return actor.is === 'person' ? [userTopic(actor.userId)] : []
}

/** What only the command line on the server's machine may do. */
export function requireOperator(actor: Actor): void {
  if (actor.is !== 'operator') throw new Refusal('forbidden', 'Only the operator of the server can do this.')
}

/** Which of these sessions have not ended. */
export async function standingSessions(db: Kysely<Tables>, sessionIds: string[]): Promise<Set<string>> {
  const rows = await db.selectFrom('sessions').select('id').where('id', 'in', sessionIds).where('endedAt', 'is', null).execute()
  return new Set(rows.map((row) => row.id))
}

export function signedOut(): Refusal {
  return new Refusal('unauthenticated', 'This device is no longer signed in. Sign in again.')
}
