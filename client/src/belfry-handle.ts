import type { CommandName, Input, Result } from '@belfry/protocol/commands.ts'
import type { User, Workspace } from '@belfry/protocol/rows.ts'
import type { ConnectionState } from './connection.ts'
import type { Inbox } from './inbox.ts'
import type { Observable } from './observable.ts'
import type { OwnSession } from './own-sessions.ts'
import type { People } from './people.ts'
import type { PeoplesPresence } from './presence.ts'
import type { RoomHandle } from './room-handle.ts'
import type { Rooms } from './rooms.ts'

export interface Belfry {
  readonly connection: Observable<ConnectionState>
  readonly me: Observable<User | null>
  /** Null until it is known. */
  readonly workspace: Observable<Workspace | null>
  /** One's own devices that are signed in, the newest first; null until they are known. */
  readonly sessions: Observable<readonly OwnSession[] | null>
  readonly people: People
  /** Whose messages one does not want, by id. */
  readonly blocked: Observable<ReadonlySet<string>>
  readonly inbox: Inbox
  readonly rooms: Rooms
  readonly presence: PeoplesPresence
  /** Until when one is not to be disturbed, by the server's clock: meanwhile nothing rings that is not urgent. Null: it is off. */
  readonly dnd: Observable<number | null>
  /** For so many milliseconds from now; null: no longer. Rejects with `RefusalError` or `ConnectionLost`. */
  setDoNotDisturb(forMs: number | null): Promise<void>
  /** How many messages wait to be sent, of all rooms. */
  readonly unsent: Observable<number>
  /** The same handle for the same id; it is followed from now on, until others were opened since and nobody looks at it. */
  room(roomId: string): RoomHandle
  /** Rejects with `RefusalError` or `ConnectionLost`. */
  call<N extends CommandName>(name: N, input: Input<N>): Promise<Result<N>>
  /** Wants somebody's messages no more, or again. Rejects like `call`. */
  block(userId: string): Promise<void>
  unblock(userId: string): Promise<void>
  /** Tries to connect at once. */
  retryNow(): void
  /** Resolves when what was written for this message outlives the page, or has been answered. */
  whenSafe(messageId: string): Promise<void>
  /** How many changes wait to be sent, or for their author's decision: they go when the account is forgotten. Who listens to `unsent` hears of these, too. */
  unsentChanges(): number
  /** For ever; nothing is sent or kept any more. */
  close(): void
  /** Closes, and deletes all that is kept of this account. */
  forget(): Promise<void>
}
