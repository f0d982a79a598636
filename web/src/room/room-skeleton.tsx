const WIDTHS = ['w-2/5', 'w-3/5', 'w-1/3', 'w-1/2', 'w-2/3', 'w-2/5'] as const

/** Shown when the first load takes long enough to be noticed. */
export function RoomSkeleton() {
  return (
    <div className="flex flex-1 animate-later flex-col justify-end gap-5 overflow-hidden px-4 pb-6 desk:px-6" aria-busy="true">
      <p className="sr-only">Loading messages</p>
      {WIDTHS.map((width, at) => (
        <div key={at} className="flex animate-breathe gap-3">
          <span className="size-10 flex-none rounded-[11px] bg-line/70" />
          <span className="flex-1 pt-1">
            <span className="block h-3 w-28 rounded-small bg-line/70" />
            <span className={`mt-2.5 block h-3 rounded-small bg-line/70 ${width}`} />
          </span>
        </div>
      ))}
    </div>
  )
}
