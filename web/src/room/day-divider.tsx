import { dayLabel } from '#theme/times.ts'

/** Plain text: as a separator, its day would be hidden from a screen reader. */
export function DayDivider({ at }: { at: number }) {
  return (
    <p
      data-day
      className="flex items-center gap-3 px-4 pt-5 pb-1 text-meta font-bold text-ink-3 before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line desk:px-6"
    >
      <span>{dayLabel(at, Date.now())}</span>
    </p>
  )
}
