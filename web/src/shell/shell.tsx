import type { ReactNode } from 'react'
import { useLocation, useSearch } from 'wouter'
import { Sidebar } from './sidebar.tsx'

/**
 * Sidebar and page side by side; on a phone one over the other. Both stand there at every width: a turned phone or a
 * narrowed window loses neither a place nor an open edit. What is covered is invisible, not gone, and so keeps its place.
 */
export function Shell({ children }: { children: ReactNode }) {
  const [path] = useLocation()
  const search = useSearch()
  const showsRooms = path === '/chat' && new URLSearchParams(search).get('pane') === 'rooms'
  const inOneCell = 'min-h-0 min-w-0 max-desk:col-start-1 max-desk:row-start-1'

  return (
    <div className="grid h-dvh grid-cols-[minmax(0,1fr)] grid-rows-[minmax(0,1fr)] overflow-hidden desk:grid-cols-[16.75rem_minmax(0,1fr)]">
      <div className={`${inOneCell} ${showsRooms ? '' : 'max-desk:hidden'}`}>
        <Sidebar />
      </div>
      <div className={`${inOneCell} ${showsRooms ? 'max-desk:invisible' : ''}`}>{children}</div>
    </div>
  )
}
