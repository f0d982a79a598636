import type { Belfry } from './belfry-handle.ts'
import { OpenBelfry } from './open-belfry.ts'
import type { BelfryOptions } from './options.ts'

export type { Belfry } from './belfry-handle.ts'
export type { ConnectionState, EndReason } from './connection.ts'
export { ConnectionLost, RefusalError } from './errors.ts'
export type { Inbox, InboxList, InboxView } from './inbox.ts'
export { forgetRowsOfOthers, keepInBrowser } from './kept-in-browser.ts'
export { keepInMemory } from './kept-in-memory.ts'
export type { Keep, Kept } from './kept.ts'
export type { Observable } from './observable.ts'
export type { BelfryOptions } from './options.ts'
export type { OwnSession } from './own-sessions.ts'
export type { People } from './people.ts'
export type { PeoplesPresence } from './presence.ts'
export type { Found } from './history.ts'
export type { Arrangement, RefusedChange, RoomChanges, RoomHandle, RoomView, Version } from './room-handle.ts'
export type { ListedRoom } from './listed-room.ts'
export type { NewRoom, RoomList, Rooms } from './rooms.ts'
export type { ItemReaction, TimelineItem } from './timeline.ts'
export { isKeptUser } from './topic-copy.ts'
export type { InboxFilter } from './windows.ts'
export type { World } from './world.ts'

export function connect(options: BelfryOptions): Belfry {
  return new OpenBelfry(options)
}
