/** Drawn for Belfry on a grid of 24, in strokes of one width. */
const PATHS = {
  archive: 'M4 8v11h16V8M3 4.500h18V8H3zM10 12h4',
  back: 'm14 6-6 6 6 6',
  bell: 'M6 16.500V11a6 6 0 0 1 12 0v5.500l1.600 2H4.400zM10 21.500h4',
  check: 'm5 12.500 4.500 4.500L19 7',
  close: 'm6.500 6.500 11 11M17.500 6.500l-11 11',
  down: 'm6 10 6 6 6-6',
  hash: 'M9.500 4 7.500 20M16.500 4l-2 16M4.500 9h15.500M4 15h15.500',
  leave: 'M14 4.500H5.500v15H14M10 12h10.500M17 8.500l3.500 3.500-3.500 3.500',
  open: 'M13 5h6v6M19 5l-8.500 8.500M17 14v5H5V7h5',
  pen: 'm4.500 19.500 1-4L16 5l3 3L8.500 18.500z',
  restore: 'M5 8.500v4.500h4.500M5.600 12.500A7 7 0 1 1 8 17.800',
  send: 'M5 12h13.500M12.500 6l6 6-6 6',
  tower: 'M5 21V9.500L12 3l7 6.500V21M3 21h18M9 17h6l-.8-1.200v-2.300a2.200 2.200 0 0 0-4.400 0v2.300zM12 19v.1',
  trash: 'M4.500 6.500h15M9.500 6.500v-2h5v2M6.500 6.500l.8 13h9.400l.8-13M10.500 10.500v5M13.500 10.500v5',
  unread: 'M20 11.500V18H4V6h9M4 7.500l8 6 2.500-1.900M18.500 4.500v.1',
  up: 'm6 14 6-6 6 6',
} as const

export type IconName = keyof typeof PATHS

export function Icon({ name, className = 'size-5' }: { name: IconName; className?: string }) {
  return (
    <svg
      viewBox="0 0 24 24"
      aria-hidden="true"
      className={`${className} flex-none fill-none stroke-current stroke-[1.7] [stroke-linecap:round] [stroke-linejoin:round]`}
    >
      <path d={PATHS[name]} />
      {name === 'unread' && <circle cx="18.500" cy="6" r="3" className="fill-current stroke-none" />}
    </svg>
  )
}
