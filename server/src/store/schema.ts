import type {
  Block,
  Counts,
  Member,
  Message,
  Notification,
  Place,
  Preferences,
  Reaction,
  Room,
  Session,
  User,
  Workspace,
} from '@belfry/protocol/rows.ts'

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
  /** `createdBy`: whose id it is, for whoever sends it again. `people`: who is in a conversation, sorted ids separated by spaces. */
  rooms: Room & { createdBy: string | null; people: string | null }
  members: Member
  places: Place & { userId: string }
  blocks: Block & { userId: string }
  messages: Message
  reactions: Reaction
  /** Former texts. `changed`: of the message's row that held it; `createdAt`: when it was written. */
  versions: { messageId: string; changed: number; body: string; createdAt: number }
  /** `roomId`, `n`: of which message it tells; null where a program rang. */
  notifications: Notification & { userId: string; roomId: string | null; n: number | null }
  counts: Counts & { userId: string }
  sessions: Session & { userId: string }
  preferences: Preferences & { userId: string }
  tokens: { hash: string; sessionId: string; userId: string; expiresAt: number }
  keys: ApiKey
  invites: Invite
  /** A person's own, as base64: text is what every database takes alike. */
  pictures: { userId: string; picture: string; type: string; base64: string }
  jobs: Job
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

/** Only the hash of an invitation's secret is stored. `role`, `rooms`: what whoever accepts it comes as, and where; ids separated by spaces. */
export interface Invite {
  id: string
  hash: string
  createdAt: number
  createdBy: string | null
  role: Extract<User['role'], 'member' | 'guest'>
  rooms: string
  usesMax: number | null
  uses: number
  expiresAt: number | null
  revokedAt: number | null
}

/** Work that was promised in a transaction [W5]. `input`: JSON. It is done when it is gone; with `failedAt` it was given up. */
export interface Job {
  id: string
  kind: string
  input: string
  dueAt: number
  tries: number
  /** Whoever has taken it does it until then; afterwards anybody may. */
  claimedUntil: number | null
  failedAt: number | null
}
