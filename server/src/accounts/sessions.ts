import type { Result } from '@belfry/protocol/commands.ts'
import type { Session, User } from '@belfry/protocol/rows.ts'
import { userTopic } from '@belfry/protocol/topics.ts'
import type { Kysely } from 'kysely'
import { compiledOnce, rounded } from '#store/compiled-once.ts'
import { columnsOf } from '#store/rows.ts'
import type { Read } from '#store/read.ts'
import type { Tables } from '#store/schema.ts'
import type { Tx } from '#store/tx.ts'
import type { Person } from './actor.ts'
import { usersWithIds } from './users.ts'

const SESSION_COLUMNS = columnsOf('session') as (keyof Session)[]

export const SESSION_LASTS_MS = 30 * 24 * 60 * 60 * 1000

/** A session that is used is made to last on, at most so often. */
export const EXTEND_AFTER_MS = 24 * 60 * 60 * 1000

/** A session's token, found by its hash, with the person it signs in. */
export interface SignedIn {
  sessionId: string
  user: User
  expiresAt: number
}

/** Whom each of these tokens signs in, by its hash. Left out where that is nobody: unknown, ended, expired, or its person disabled. */
export async function signedInBy(db: Kysely<Tables>, tokens: { hashes: string[]; now: number }): Promise<Map<string, SignedIn>> {
  const found = await standingTokens(db, rounded(tokens.hashes), [tokens.now])
  const people = await usersWithIds(
    db,
    found.map(({ userId }) => userId),
  )
  const users = new Map(people.map((user) => [user.id, user]))
  return new Map(
    found.flatMap(({ hash, userId, sessionId, expiresAt }) => {
      const user = users.get(userId)
      return user && user.disabledAt === null ? [[hash, { sessionId, user, expiresAt }] as const] : []
    }),
  )
}

const standingTokens = compiledOnce((db, hashes: string[], [now]: number[]) =>
  db
    .selectFrom('tokens')
    .innerJoin('sessions', 'sessions.id', 'tokens.sessionId')
    .select(['tokens.hash', 'tokens.sessionId', 'tokens.userId', 'tokens.expiresAt'])
    .where('tokens.hash', 'in', hashes)
    .where('tokens.expiresAt', '>', now!)
    .where('sessions.endedAt', 'is', null),
)

/** A person's sessions that have not ended, the newest first. */
export async function sessionsOf(db: Kysely<Tables>, userId: string): Promise<Session[]> {
  return standingOfOne(db, [userId])
}

const standingOfOne = compiledOnce((db, [userId]: [string]) =>
  db.selectFrom('sessions').select(SESSION_COLUMNS).where('userId', '=', userId).where('endedAt', 'is', null).orderBy('id', 'desc'),
)

/** One's own devices, but for the one that asks. */
export async function otherSessionsOf(db: Kysely<Tables>, { userId, sessionId }: Person): Promise<Session[]> {
  return (await sessionsOf(db, userId)).filter(({ id }) => id !== sessionId)
}

/** Also one that has ended. */
export async function findSession(db: Kysely<Tables>, { userId, id }: { userId: string; id: string }): Promise<Session | undefined> {
  return db.selectFrom('sessions').select(SESSION_COLUMNS).where('userId', '=', userId).where('id', '=', id).executeTakeFirst()
}

/** session.list: one's own devices that are signed in, the newest first. Whoever was away for too long is not. */
export async function listSessions(db: Kysely<Tables>, { actor, now }: Read): Promise<Result<'session.list'>> {
  const standing = (await sessionsOf(db, actor.userId)).filter(({ usedAt }) => now - usedAt < SESSION_LASTS_MS)
  return { items: standing.map((session) => ({ ...session, isCurrent: session.id === actor.sessionId })), next: null }
}

/** On how many devices each of these people is signed in; those on none are left out. */
export async function standingSessionCounts(db: Kysely<Tables>, userIds: string[], now: number): Promise<Map<string, number>> {
  if (userIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('sessions')
    .select((eb) => ['userId', eb.fn.countAll<number>().as('sessions')])
    .where('userId', 'in', userIds)
    .where('endedAt', 'is', null)
    .where('usedAt', '>', now - SESSION_LASTS_MS)
    .groupBy('userId')
    .execute()
  return new Map(rows.map(({ userId, sessions }) => [userId, sessions]))
}

/** Ends sessions of one person: rows of `user:ID`, whose end closes their connections on every node [A4]. */
export async function endSessions(tx: Tx, userId: string, sessions: Session[]): Promise<Session[]> {
  if (sessions.length === 0) return []
  const ids = sessions.map((session) => session.id)
  const ends = sessions.map((session) => ({ topic: userTopic(userId), row: { ...session, endedAt: tx.now }, extra: { userId } }))
  await tx.db.deleteFrom('tokens').where('sessionId', 'in', ids).execute()
  return tx.changeEach('session', ends)
}
