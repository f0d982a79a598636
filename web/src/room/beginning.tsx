import type { RoomView } from '@belfry/client/belfry.ts'
import { Icon } from '#theme/icons.tsx'
import { GENERAL_ROOM } from '@belfry/protocol/topics.ts'

interface BeginningProps {
  roomId: string
  roomName: string
  kind: RoomView['kind']
  isEmpty: boolean
}

/** Where a room's history starts; in an empty room also the first step. */
export function Beginning({ roomId, roomName, kind, isEmpty }: BeginningProps) {
  return (
    <div className="px-4 pt-8 pb-2 desk:px-6">
      <span className="grid size-12 place-items-center rounded-large bg-bell-wash text-bell">
        <Icon name={kind === 'direct' ? 'people' : kind === 'closed' ? 'lock' : 'hash'} className="size-6" />
      </span>
      <h2 className="mt-3 text-title font-bold tracking-tight">{kind === 'direct' ? `You and ${roomName}` : `This is ${roomName}`}</h2>
      <p className="mt-1 max-w-[60ch] text-ink-2">
        {readers(roomId, kind)} {isEmpty ? 'Say hello: your message will be the first.' : 'It begins with the message below.'}
      </p>
    </div>
  )
}

function readers(roomId: string, kind: RoomView['kind']): string {
  if (roomId === GENERAL_ROOM) return 'Everyone on this server is here and reads what is written.'
  if (kind === 'direct') return 'What is written here nobody else reads.'
  return kind === 'closed' ? 'What is written here only its members read.' : 'Everyone on this server can read this room and join it.'
}
