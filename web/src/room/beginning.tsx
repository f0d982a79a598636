import type { RoomView } from '@belfry/client/belfry.ts'
import { roomIcon, useFaceOf } from '#shell/room-mark.ts'
import { withOneself } from '#shell/room-names.ts'
import { Face } from '#theme/face.tsx'
import { Icon } from '#theme/icons.tsx'
import { GENERAL_ROOM } from '@belfry/protocol/topics.ts'

interface BeginningProps {
  roomId: string
  roomName: string
  view: RoomView
  isEmpty: boolean
}

/** Where a room's history starts, or what one sees of it; in an empty room also the first step. */
export function Beginning({ roomId, roomName, view, isEmpty }: BeginningProps) {
  const { kind, seesAfter, isMember } = view
  return (
    <div className="px-4 pt-8 pb-2 desk:px-6">
      <Sign view={view} name={roomName} />
      <h2 className="mt-3 text-title font-bold tracking-tight">
        {kind === 'direct' ? withOneself(roomName, view) : `This is ${roomName}`}
      </h2>
      <p className="mt-1 max-w-[60ch] text-ink-2">
        {readers(roomId, kind)} {seesAfter > 0 ? sinceJoined(isEmpty) : fromTheStart(isEmpty, isMember !== false)}
      </p>
    </div>
  )
}

/** Of a pair the other's face. */
function Sign({ view, name }: { view: RoomView; name: string }) {
  const face = useFaceOf(view)
  if (face) return <Face {...face} name={name} />
  return (
    <span className="grid size-12 place-items-center rounded-large bg-bell-wash text-bell">
      <Icon name={roomIcon({ people: view.people, kind: view.kind })} className="size-6" />
    </span>
  )
}

function readers(roomId: string, kind: RoomView['kind']): string {
  if (roomId === GENERAL_ROOM) return 'Everyone on this server is here and reads what is written.'
  if (kind === 'direct') return 'What is written here nobody else reads.'
  return kind === 'closed'
    ? 'What is written here only its members read.'
    : 'Everyone on this server but guests can read this room and join it.'
}

function sinceJoined(isEmpty: boolean): string {
  return isEmpty ? 'Nothing has been written since you joined.' : 'You see what has been written since you joined.'
}

function fromTheStart(isEmpty: boolean, isIn: boolean): string {
  if (!isEmpty) return 'It begins with the message below.'
  return isIn ? 'Say hello: your message will be the first.' : 'Nothing has been written here yet.'
}
