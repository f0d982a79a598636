import type { ReactNode } from 'react'
import { useLocation, useSearch } from 'wouter'
import { usePhone } from '#theme/use-phone.ts'
import { Sidebar } from './sidebar.tsx'

/** Sidebar and page side by side; on a phone one of them. */
export function Shell({ children }: { children: ReactNode }) {
  const isPhone = usePhone()
  const [path] = useLocation()
  const search = useSearch()
  const showsRooms = path === '/chat' && new URLSearchParams(search).get('pane') === 'rooms'

  if (isPhone) return <div className="h-dvh overflow-hidden">{showsRooms ? <Sidebar /> : children}</div>
  return (
    <div className="grid h-dvh grid-rows-[minmax(0,1fr)] grid-cols-[16.75rem_minmax(0,1fr)] overflow-hidden">
      <Sidebar />
      {children}
    </div>
  )
}
