import type { ReactNode } from 'react'
import { Icon } from '#theme/icons.tsx'
import { useTitle } from '#theme/use-title.ts'

interface DoorProps {
  /** In the browser's tab. */
  pageName?: string
  title: string
  lead?: ReactNode
  children?: ReactNode
}

/** The frame of every page outside the rooms: one card, one thing to do. */
export function Door({ pageName, title, lead, children }: DoorProps) {
  useTitle(pageName ? `${pageName} · Belfry` : 'Belfry')
  return (
    <main className="grid min-h-dvh place-items-center overflow-y-auto bg-side px-4 py-8">
      <div className="w-full max-w-[25rem]">
        <p className="mb-5 flex items-center justify-center gap-2 text-large font-bold">
          <Icon name="tower" className="size-6 text-bell" />
          Belfry
        </p>
        <div className="rounded-large border border-line bg-raised p-6 shadow-float desk:p-8">
          <h1 className="text-title font-bold tracking-tight text-balance">{title}</h1>
          {lead && <p className="mt-2 text-ink-2">{lead}</p>}
          {children}
        </div>
      </div>
    </main>
  )
}
