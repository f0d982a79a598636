import type { ComponentProps } from 'react'
import { Face } from '#theme/face.tsx'
import { PresenceDot, type PresenceDotProps } from '#theme/presence-dot.tsx'
import { usePresenceOf } from './use-presence-of.ts'

/** A face, and how present its person is. */
export function PresentFace({ on = 'ground', ...face }: ComponentProps<typeof Face> & Pick<PresenceDotProps, 'on'>) {
  const presence = usePresenceOf(face.id)
  return (
    <span className="relative flex h-max w-max flex-none">
      <Face {...face} />
      <PresenceDot presence={presence} on={on} isSmall={face.size === 'tiny'} />
    </span>
  )
}
