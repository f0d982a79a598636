import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { ICON_BUTTON } from '#theme/button.tsx'
import { Icon } from '#theme/icons.tsx'

interface HeadProps {
  title: string
  /** Stands before the title. */
  mark?: ReactNode
  /** Where the arrow leads, on a phone or everywhere. */
  backTo: string
  backLabel: string
  isBackOnDesk?: boolean
  /** Stands beside the title where there is room for it. */
  note?: string
  children?: ReactNode
}

export function Head({ title, mark, backTo, backLabel, isBackOnDesk = false, note, children }: HeadProps) {
  return (
    <header
      className={`flex h-14 flex-none items-center gap-1 border-b border-line pr-2 pl-1 desk:pr-3 ${isBackOnDesk ? 'desk:pl-3' : 'desk:pl-6'}`}
    >
      <Link href={backTo} aria-label={backLabel} title={backLabel} className={`${ICON_BUTTON} ${isBackOnDesk ? '' : 'desk:hidden'}`}>
        <Icon name="back" />
      </Link>
      <div className="flex min-w-0 items-center gap-2">
        {title && mark}
        <h1 className="truncate text-large font-bold tracking-tight">{title}</h1>
      </div>
      {note && <p className="ml-3 min-w-0 flex-1 truncate text-small text-ink-3 max-desk:hidden">{note}</p>}
      <div className="ml-auto flex flex-none items-center">{children}</div>
    </header>
  )
}
