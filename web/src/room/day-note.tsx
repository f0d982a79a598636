import { dayLabel } from '#theme/times.ts'

/** The day of what stands on top of the view, while one reads further up: floats, and moves nothing. */
export function DayNote({ at }: { at: number | null }) {
  if (at === null) return null
  return (
    <div aria-hidden="true" className="pointer-events-none absolute inset-x-0 top-2 z-10 flex justify-center">
      <span className="rounded-full border border-line bg-raised px-3 py-1 text-meta font-bold text-ink-2 shadow-float">
        {dayLabel(at, Date.now())}
      </span>
    </div>
  )
}
