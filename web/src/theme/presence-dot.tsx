import type { Presence } from '@belfry/protocol/down.ts'

/** Who is not there has no dot. */
export const PRESENCE_WORDS: Readonly<Record<Presence, string | null>> = {
  online: 'online',
  away: 'away',
  dnd: 'do not disturb',
  offline: null,
}

export interface PresenceDotProps {
  /** Null: it is not known. */
  presence: Presence | null
  /** What it stands on. */
  on?: 'ground' | 'side'
  /** The words stand elsewhere. */
  isMute?: boolean
  /** At a tiny face, whose letter is to be read all the same. */
  isSmall?: boolean
}

/** At the corner of a face: a full dot, a hollow ring, or a dot with a bar, so that no colour says it alone. */
export function PresenceDot({ presence, on = 'ground', isMute = false, isSmall = false }: PresenceDotProps) {
  const words = presence && PRESENCE_WORDS[presence]
  if (!words) return null
  const ground = on === 'ground' ? 'fill-ground' : 'fill-side'
  return (
    <span
      {...(isMute ? { 'aria-hidden': true } : { 'role': 'img', 'aria-label': words })}
      title={words}
      data-presence={presence}
      className={`absolute -right-1 -bottom-1 ${isSmall ? 'size-2.5' : 'size-3.5'}`}
    >
      <svg viewBox="0 0 14 14" aria-hidden="true" className="size-full">
        <circle cx="7" cy="7" r="7" className={ground} />
        {presence === 'online' && <circle cx="7" cy="7" r="4.500" className="fill-online" />}
        {presence === 'away' && <circle cx="7" cy="7" r="3.500" className="fill-none stroke-away stroke-2" />}
        {presence === 'dnd' && <circle cx="7" cy="7" r="5" className="fill-undisturbed" />}
        {presence === 'dnd' && <rect x="4" y="6" width="6" height="2" rx="1" className={ground} />}
      </svg>
    </span>
  )
}
