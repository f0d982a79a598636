import { type ReactNode, useState } from 'react'
import { useLocation } from 'wouter'
import { isRoomsPath } from '#account/paths.ts'
import { laterPart } from '#theme/later-part.tsx'
import { Sidebar } from './sidebar.tsx'
import { useKeys } from './use-keys.ts'

const Switcher = laterPart(() => import('./switcher.tsx').then((part) => part.Switcher))
const KeyList = laterPart(() => import('./key-list.tsx').then((part) => part.KeyList))

/**
 * Sidebar and page side by side; on a phone one over the other. Both stand there at every width: a turned phone or a
 * narrowed window loses neither a place nor an open edit. What is covered is invisible, not gone, and so keeps its place; who comes to a room out of the list begins anew (`useComings`).
 */
export function Shell({ roomId, bell, children }: { roomId: string | null; bell: ReactNode; children: ReactNode }) {
  const [path] = useLocation()
  const [over, setOver] = useState<'switcher' | 'keys' | null>(null)
  useKeys({ roomId, onSwitch: () => setOver('switcher'), onList: () => setOver('keys') })
  const showsRooms = isRoomsPath(path)
  const inOneCell = 'min-h-0 min-w-0 max-desk:col-start-1 max-desk:row-start-1'

  return (
    <div className="grid h-dvh grid-cols-[minmax(0,1fr)] grid-rows-[minmax(0,1fr)] overflow-hidden desk:grid-cols-[16.75rem_minmax(0,1fr)]">
      <div className={`${inOneCell} ${showsRooms ? '' : 'max-desk:hidden'}`}>
        <Sidebar roomId={roomId} bell={bell} onSwitch={() => setOver('switcher')} onKeys={() => setOver('keys')} />
      </div>
      <div className={`${inOneCell} ${showsRooms ? 'max-desk:invisible' : ''}`}>{children}</div>
      {over === 'switcher' && <Switcher onClose={() => setOver(null)} />}
      {over === 'keys' && <KeyList onClose={() => setOver(null)} />}
    </div>
  )
}
