import type { ComponentProps } from 'react'
import { Icon } from './icons.tsx'

const SIZES = {
  small: 'h-8 pr-8 pl-2.5 text-small coarse:h-11',
  normal: 'h-10 pr-9 pl-3 text-touch coarse:h-11',
  field: 'h-11 w-full pr-9 pl-3 text-touch',
} as const

type SelectProps = Omit<ComponentProps<'select'>, 'size'> & { size?: keyof typeof SIZES }

/** The browser's own list of choices, without a label that is seen. */
export function Select({ size = 'normal', ...select }: SelectProps) {
  return (
    <span className="relative block flex-none">
      <select
        {...select}
        className={`appearance-none rounded-medium border border-edge bg-ground outline-none focus:border-accent focus:ring-3 focus:ring-halo aria-invalid:border-bad ${SIZES[size]}`}
      />
      <Icon name="down" className="pointer-events-none absolute inset-y-0 right-2.5 my-auto size-4 text-ink-3" />
    </span>
  )
}
