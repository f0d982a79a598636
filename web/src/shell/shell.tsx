import type { ReactNode } from 'react'
import { useLocation } from 'wouter'
import { isRoomsPath } from '#account/paths.ts'
import { Sidebar } from './sidebar.tsx'

/**
 * Sidebar and page side by side; on a phone one over the other. Both stand there at every width: a turned phone or a
 * narrowed window loses neither a place nor an open edit. What is covered is invisible, not gone, and so keeps its place.
 */
export function Shell({ roomId, children }: { roomId: string | null; children: ReactNode }) {
  const [path] = useLocation()
  const showsRooms = isRoomsPath(path)
  const inOneCell = 'min-h-0 min-w-0 max-desk:col-start-1 max-desk:row-start-1'

  return (
    <div className="grid h-dvh grid-cols-[minmax(0,1fr)] grid-rows-[minmax(0,1fr)] overflow-hidden desk:grid-cols-[16.75rem_minmax(0,1fr)]">
      <div className={`${inOneCell} ${showsRooms ? '' : 'max-desk:hidden'}`}>
        <Sidebar roomId={roomId} />
      </div>
      <div className={`${inOneCell} ${showsRooms ? 'max-desk:invisible' : ''}`}>{children}</div>
    </div>
  )
}
