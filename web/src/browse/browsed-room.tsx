import { type ReactNode, useState } from 'react'
import type { ListedRoom } from '@belfry/client/belfry.ts'
import { refusalWords } from '#account/refusal-words.ts'
import { useAccount } from '#account/use-account.ts'
import { tell } from '#shell/notice.tsx'
import { Badge } from '#theme/badge.tsx'
import { Button } from '#theme/button.tsx'
import { ListRow } from '#theme/list-row.tsx'

/** A room in the list; `children`: its name, which leads there. */
export function BrowsedRoom({ room, children }: { room: ListedRoom; children: ReactNode }) {
  const { belfry } = useAccount()
  const [isJoining, setJoining] = useState(false)

  async function join(): Promise<void> {
    setJoining(true)
    try {
      await belfry.room(room.id).join()
    } catch (error) {
      tell(refusalWords(error))
    }
    setJoining(false)
  }

  return (
    <ListRow
      icon={room.kind === 'open' ? 'hash' : 'lock'}
      isDim={room.archivedAt !== null}
      title={children}
      badge={room.role !== null && <Badge>{roleWords(room.role)}</Badge>}
      facts={[room.description || null]}
    >
      {room.role === null && room.archivedAt === null && (
        <Button size="small" disabled={isJoining} onClick={() => void join()} aria-label={`Join ${room.name}`}>
          Join
        </Button>
      )}
    </ListRow>
  )
}

function roleWords(role: NonNullable<ListedRoom['role']>): string {
  return role === 'member' ? 'Joined' : role === 'owner' ? 'Owner' : 'Moderator'
}
