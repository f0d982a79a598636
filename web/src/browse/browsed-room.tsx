import { useRef, useState } from 'react'
import { Link } from 'wouter'
import type { ListedRoom } from '@belfry/client/belfry.ts'
import { roomPath } from '#account/paths.ts'
import { refusalWords } from '#account/refusal-words.ts'
import { useAccount } from '#account/use-account.ts'
import { tell } from '#shell/notice.tsx'
import { roomIcon } from '#shell/room-mark.ts'
import { Badge } from '#theme/badge.tsx'
import { LeavingButton } from '#theme/leaving-button.tsx'
import { ListRow } from '#theme/list-row.tsx'

const ROLES = { member: 'Joined', moderator: 'Moderator', owner: 'Owner' } as const

/** A room in the list: its name leads there. */
export function BrowsedRoom({ room }: { room: ListedRoom }) {
  const link = useRef<HTMLAnchorElement>(null)
  const { isJoining, join } = useJoining(room.id)
  const name = (
    <Link ref={link} href={roomPath(room.id)} className="hover:underline">
      {room.name}
    </Link>
  )
  return (
    <ListRow
      icon={roomIcon(room)}
      isDim={room.archivedAt !== null}
      title={name}
      badge={room.role !== null && <Badge>{ROLES[room.role]}</Badge>}
      facts={[room.description || null]}
    >
      {room.role === null && room.archivedAt === null && (
        <LeavingButton
          size="small"
          isBusy={isJoining}
          onClick={join}
          onFocusLost={() => link.current?.focus()}
          aria-label={`Join ${room.name}`}
        >
          Join
        </LeavingButton>
      )}
    </ListRow>
  )
}

function useJoining(roomId: string) {
  const { belfry } = useAccount()
  const [isJoining, setJoining] = useState(false)

  async function join(): Promise<void> {
    setJoining(true)
    try {
      await belfry.room(roomId).join()
    } catch (error) {
      tell(refusalWords(error))
    }
    setJoining(false)
  }

  return { isJoining, join: () => void join() }
}
