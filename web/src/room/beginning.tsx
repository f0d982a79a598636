import type { RoomView } from '@belfry/client/belfry.ts'
import { Icon } from '#theme/icons.tsx'
import { GENERAL_ROOM } from '@belfry/protocol/topics.ts'

interface BeginningProps {
  roomId: string
  roomName: string
  kind: RoomView['kind']
  /** What was written before one came is not shown. */
  isSinceJoined: boolean
  isEmpty: boolean
}

/** Where a room's history starts, or what one sees of it; in an empty room also the first step. */
export function Beginning({ roomId, roomName, kind, isSinceJoined, isEmpty }: BeginningProps) {
  return (
    <div className="px-4 pt-8 pb-2 desk:px-6">
      <span className="grid size-12 place-items-center rounded-large bg-bell-wash text-bell">
        <Icon name={kind === 'direct' ? 'people' : kind === 'closed' ? 'lock' : 'hash'} className="size-6" />
      </span>
      <h2 className="mt-3 text-title font-bold tracking-tight">{kind === 'direct' ? `You and ${roomName}` : `This is ${roomName}`}</h2>
      <p className="mt-1 max-w-[60ch] text-ink-2">
        {readers(roomId, kind)} {isSinceJoined ? sinceJoined(isEmpty) : fromTheStart(isEmpty)}
      </p>
    </div>
  )
}

function readers(roomId: string, kind: RoomView['kind']): string {
  if (roomId === GENERAL_ROOM) return 'Everyone on this server is here and reads what is written.'
  if (kind === 'direct') return 'What is written here nobody else reads.'
  return kind === 'closed' ? 'What is written here only its members read.' : 'Everyone on this server can read this room and join it.'
}

function sinceJoined(isEmpty: boolean): string {
  return isEmpty ? 'Nothing has been written since you joined.' : 'You see what has been written since you joined.'
}

function fromTheStart(isEmpty: boolean): string {
  return isEmpty ? 'Say hello: your message will be the first.' : 'It begins with the message below.'
}
