import type { Session, User } from '@belfry/protocol/rows.ts'
import { userTopic } from '@belfry/protocol/topics.ts'
import type { Kysely } from 'kysely'
import { columnsOf } from '#store/rows.ts'
import type { Tables } from '#store/schema.ts'
import type { Tx } from '#store/tx.ts'
import { findUser } from './users.ts'

const SESSION_COLUMNS = columnsOf('session') as (keyof Session)[]

export const SESSION_LASTS_MS = 30 * 24 * 60 * 60 * 1000

/** A session's token, found by its hash, with the person it signs in. */
export interface SignedIn {
  sessionId: string
  user: User
  expiresAt: number
}

/** Null when nobody is signed in by it: unknown, ended, expired, or its person disabled. */
export async function findSignedIn(db: Kysely<Tables>, token: { hash: string; now: number }): Promise<SignedIn | null> {
  const found = await db
    .selectFrom('tokens')
    .innerJoin('sessions', 'sessions.id', 'tokens.sessionId')
    .select(['tokens.sessionId', 'tokens.userId', 'tokens.expiresAt'])
    .where('tokens.hash', '=', token.hash)
    .where('tokens.expiresAt', '>', token.now)
    .where('sessions.endedAt', 'is', null)
    .executeTakeFirst()
  const user = found && (await findUser(db, found.userId))
  return user && user.disabledAt === null ? { sessionId: found.sessionId, user, expiresAt: found.expiresAt } : null
}

/** A person's sessions that have not ended, the newest first. */
export async function sessionsOf(db: Kysely<Tables>, userId: string): Promise<Session[]> {
  return db
    .selectFrom('sessions')
    .select(SESSION_COLUMNS)
    .where('userId', '=', userId)
    .where('endedAt', 'is', null)
    .orderBy('id', 'desc')
    .execute()
}

/** Ends sessions of one person: rows of `user:ID`, whose end closes their connections on every node [A4]. */
export async function endSessions(tx: Tx, userId: string, sessions: Session[]): Promise<void> {
  if (sessions.length === 0) return
  const ids = sessions.map((session) => session.id)
  const ends = sessions.map((session) => ({ topic: userTopic(userId), row: { ...session, endedAt: tx.now }, extra: { userId } }))
  await tx.changeEach('session', ends)
  await tx.db.deleteFrom('tokens').where('sessionId', 'in', ids).execute()
}
