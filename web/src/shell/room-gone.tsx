import type { ReactNode } from 'react'
import { HomeLink } from './home-link.tsx'

/** Whether a room is not there or not open to one is told to nobody who may not see it. */
export function RoomGone({ children }: { children?: ReactNode }) {
  return (
    <div className="grid flex-1 place-items-center px-6 text-center">
      <div>
        <h2 className="text-large font-bold">This room is not open to you</h2>
        <p className="mx-auto mt-1 max-w-[44ch] text-ink-2">
          It is not there, it was closed, or you were taken out of it. If that is a mistake, ask whoever runs this server.
        </p>
        <HomeLink />
        {children}
      </div>
    </div>
  )
}
