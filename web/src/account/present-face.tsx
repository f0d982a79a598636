import type { ComponentProps } from 'react'
import { Face } from '#theme/face.tsx'
import { PresenceDot } from '#theme/presence-dot.tsx'
import { usePresenceOf } from './use-presence-of.ts'

/** A face, and how present its person is. */
export function PresentFace(face: ComponentProps<typeof Face>) {
  const presence = usePresenceOf(face.id)
  return (
    <span className="relative flex h-max w-max flex-none">
      <Face {...face} />
      <PresenceDot presence={presence} />
    </span>
  )
}
