import { Menu } from '@base-ui/react/menu'
import { Icon } from '#theme/icons.tsx'
import { quietTimes, untilWords } from './quiet-times.ts'

interface QuietItemsProps {
  /** Until when it is on; null: it is off. */
  until: number | null
  /** For so many milliseconds from now; null: no longer. */
  onChoose: (forMs: number | null) => void
  className: string
}

/** Not to be disturbed for a while, or to be again. */
export function QuietItems({ until, onChoose, className }: QuietItemsProps) {
  const now = Date.now()
  if (until !== null)
    return (
      <Menu.Item onClick={() => onChoose(null)} className={`${className} py-1.5`}>
        <Icon name="quiet" className="size-4.5 text-ink-2" />
        <span className="leading-tight">
          End do not disturb <span className="block text-meta text-ink-3">{untilWords(until, now)}</span>
        </span>
      </Menu.Item>
    )
  return (
    <Menu.Group>
      <Menu.GroupLabel className="flex items-center gap-2.5 px-2.5 pt-2 pb-1 text-meta text-ink-3">
        <Icon name="quiet" className="size-4.5 text-ink-2" />
        Do not disturb
      </Menu.GroupLabel>
      {quietTimes(now).map(({ label, forMs }) => (
        <Menu.Item key={label} onClick={() => onChoose(forMs)} className={`${className} pl-9.5`}>
          {label}
        </Menu.Item>
      ))}
    </Menu.Group>
  )
}
