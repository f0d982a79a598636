/** Drawn for Belfry on a grid of 24, in strokes of one width. */
const PATHS = {
  archive: 'M4 8v11h16V8M3 4.500h18V8H3zM10 12h4',
  back: 'm14 6-6 6 6 6',
  bell: 'M6 16.500V11a6 6 0 0 1 12 0v5.500l1.600 2H4.400zM10 21.500h4',
  check: 'm5 12.500 4.500 4.500L19 7',
  close: 'm6.500 6.500 11 11M17.500 6.500l-11 11',
  copy: 'M8.500 8.500H19v12H8.500zM5 15.500v-12h10.500',
  device: 'M4 5h16v10.500H4zM9 19.500h6M12 15.500v4',
  down: 'm6 10 6 6 6-6',
  hash: 'M9.500 4 7.500 20M16.500 4l-2 16M4.500 9h15.500M4 15h15.500',
  key: 'M8 11.500a3.500 3.500 0 1 0 0 7a3.500 3.500 0 1 0 0-7M10.600 12.500l7.900-7.900M15.300 7.800l3 3M12.800 10.300l2 2',
  leave: 'M14 4.500H5.500v15H14M10 12h10.500M17 8.500l3.500 3.500-3.500 3.500',
  letter: 'M4 6h16v12.500H4zM4 7.500l8 6 8-6',
  link: 'M10 14a4 4 0 0 0 5.700 0l3-3a4 4 0 0 0-5.700-5.700l-1 1M14 10a4 4 0 0 0-5.700 0l-3 3a4 4 0 0 0 5.700 5.700l1-1',
  lock: 'M6 10.500h12v10H6zM8.500 10.500V7.500a3.500 3.500 0 0 1 7 0v3M12 14.500v2.500',
  more: 'M5.500 11.300a.7.7 0 1 0 0 1.400a.7.7 0 1 0 0-1.400M12 11.300a.7.7 0 1 0 0 1.400a.7.7 0 1 0 0-1.400M18.500 11.300a.7.7 0 1 0 0 1.400a.7.7 0 1 0 0-1.400',
  open: 'M13 5h6v6M19 5l-8.500 8.500M17 14v5H5V7h5',
  pen: 'm4.500 19.500 1-4L16 5l3 3L8.500 18.500z',
  person: 'M12 4a3.700 3.700 0 1 0 0 7.400a3.700 3.700 0 1 0 0-7.400M4.500 20c.8-3.600 3.700-5.500 7.500-5.500s6.700 1.900 7.500 5.500',
  plus: 'M12 5v14M5 12h14',
  restore: 'M5 8.500v4.500h4.500M5.600 12.500A7 7 0 1 1 8 17.800',
  search: 'M10.500 4.500a6 6 0 1 0 0 12a6 6 0 1 0 0-12M15 15l5 5',
  send: 'M5 12h13.500M12.500 6l6 6-6 6',
  sliders:
    'M4 7.500h8M16.400 7.500H20M4 16.500h3.600M12 16.500h8M14.200 5.300a2.200 2.200 0 1 0 0 4.400a2.200 2.200 0 1 0 0-4.400M9.800 14.300a2.200 2.200 0 1 0 0 4.400a2.200 2.200 0 1 0 0-4.400',
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
