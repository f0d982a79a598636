import type { ReactNode } from 'react'
import { Icon, type IconName } from '#theme/icons.tsx'

interface ListRowProps {
  icon: IconName
  /** It is past. */
  isDim?: boolean
  title: ReactNode
  badge?: ReactNode
  /** Said in one line, as far as there is room. */
  facts: readonly (string | null)[]
  /** What can be done to it. */
  children?: ReactNode
}

/** One thing in a list. */
export function ListRow({ icon, isDim = false, title, badge, facts, children }: ListRowProps) {
  return (
    <li className="flex items-center gap-3 border-line py-3 not-first:border-t">
      <span className={`grid size-9 flex-none place-items-center rounded-medium bg-hover ${isDim ? 'text-ink-3' : 'text-ink-2'}`}>
        <Icon name={icon} className="size-4.5" />
      </span>
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 leading-snug">
          <span className={`min-w-0 [overflow-wrap:anywhere] ${isDim ? 'text-ink-2' : 'font-bold'}`}>{title}</span>
          {badge}
        </p>
        <p className="text-small text-ink-2">{facts.filter(Boolean).join(' · ')}</p>
      </div>
      {children}
    </li>
  )
}
