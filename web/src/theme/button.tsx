import type { ComponentProps } from 'react'
import { Icon, type IconName } from './icons.tsx'

const LOOKS = {
  main: 'bg-accent text-on-accent enabled:hover:bg-accent-strong',
  plain: 'border border-line bg-raised text-ink enabled:hover:bg-hover',
  bad: 'bg-bad text-on-bad enabled:hover:bg-bad-strong',
} as const

const HEIGHTS = { small: 'h-8 px-3 text-small coarse:h-11', normal: 'h-10 px-4 coarse:h-11' } as const

type ButtonProps = ComponentProps<'button'> & { look?: keyof typeof LOOKS; size?: keyof typeof HEIGHTS }

export function Button({ look = 'plain', size = 'normal', className = '', ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={`inline-flex items-center justify-center gap-2 rounded-medium font-medium whitespace-nowrap disabled:cursor-default disabled:opacity-55 aria-disabled:pointer-events-none aria-disabled:opacity-55 ${HEIGHTS[size]} ${LOOKS[look]} ${className}`}
    />
  )
}

const ICON_LOOKS =
  'relative grid flex-none place-items-center rounded-medium text-ink-2 hover:bg-hover hover:text-ink aria-expanded:bg-hover aria-expanded:text-ink coarse:size-11'

/** Looks of what shows an icon alone; also for links. */
export const ICON_BUTTON = `${ICON_LOOKS} size-9`

type IconButtonProps = Omit<ComponentProps<'button'>, 'children'> & { icon: IconName; label: string; size?: keyof typeof ICON_SIZES }

const ICON_SIZES = { small: 'size-8', normal: 'size-9' } as const

export function IconButton({ icon, label, size = 'normal', className = '', ...rest }: IconButtonProps) {
  return (
    <button type="button" aria-label={label} title={label} {...rest} className={`${ICON_LOOKS} ${ICON_SIZES[size]} ${className}`}>
      <Icon name={icon} />
    </button>
  )
}

/** A deed named within a line of text. */
export function TextButton({ className = '', ...rest }: ComponentProps<'button'>) {
  return (
    <button
      type="button"
      {...rest}
      className={`relative font-medium underline decoration-1 underline-offset-2 hover:decoration-2 coarse:before:absolute coarse:before:-inset-x-2 coarse:before:-inset-y-3 ${className}`}
    />
  )
}
