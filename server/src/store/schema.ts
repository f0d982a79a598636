import type { Counts, Member, Message, Notification, Place, Room, Session, User, Workspace } from '@belfry/protocol/rows.ts'

/**
 * The tables. One set of queries serves SQLite and PostgreSQL: ids and JSON are text, times are bigint epoch milliseconds.
 * Tables of rows that screens show carry the wire's own names, plus what finds them; secrets stand in tables of their own.
 */
export interface Tables {
  meta: { key: string; value: string }
  topics: TopicCounter
  workspace: Workspace
  /** `sought`: what a search looks through. */
  users: User & { folded: string; sought: string }
  passwords: { userId: string; hash: string }
  /** `createdBy`: whose id it is, for whoever sends it again. */
  rooms: Room & { createdBy: string | null }
  members: Member
  places: Place & { userId: string }
  messages: Message
  notifications: Notification & { userId: string }
  counts: Counts & { userId: string }
  sessions: Session & { userId: string }
  tokens: { hash: string; sessionId: string; userId: string; expiresAt: number }
  keys: ApiKey
  invites: Invite
  /** A person's own, as base64: text is what every database takes alike. */
  pictures: { userId: string; picture: string; type: string; base64: string }
  idempotency: { caller: string; key: string; fingerprint: string; result: string; createdAt: number }
}

/** `seq`: changes so far. `floor`: the highest `changed` that was purged. `posted`: a room's messages so far. */
export interface TopicCounter {
  topic: string
  seq: number
  floor: number
  posted: number
}

/** A program's key. `scopes`: separated by spaces. */
export interface ApiKey {
  id: string
  name: string
  hash: string
  scopes: string
  createdAt: number
  usedAt: number | null
  revokedAt: number | null
}

/** Only the hash of an invitation's secret is stored. */
export interface Invite {
  id: string
  hash: string
  createdAt: number
  createdBy: string | null
  usesMax: number | null
  uses: number
  expiresAt: number | null
  revokedAt: number | null
}
