import { useState } from 'react'
import { initialOf } from './initial.ts'

const TONES = ['bg-face-1', 'bg-face-2', 'bg-face-3', 'bg-face-4', 'bg-face-5', 'bg-face-6', 'bg-face-7', 'bg-face-8'] as const

const SIZES = {
  tiny: 'size-4.5 rounded-[5px] text-tiny',
  small: 'size-8 rounded-[9px] text-small',
  large: 'size-10 rounded-[11px] text-base',
  huge: 'size-24 rounded-face text-title',
} as const

/** Of a picture, so that a white one does not run into a light page. It lies over the picture: a dark one shows none of it, and needs none. */
export const PICTURE_EDGE = 'outline -outline-offset-1 outline-ink/15'

interface FaceProps {
  id: string
  name: string
  /** Which picture; null: none. */
  picture: string | null
  size?: keyof typeof SIZES
}

/** A person's picture, or their first letter on a tone of their own. The name always stands beside it, so that it says nothing by itself. */
export function Face({ id, name, picture, size = 'large' }: FaceProps) {
  const [missing, setMissing] = useState<string | null>(null)
  return (
    <span
      aria-hidden="true"
      className={`grid flex-none place-items-center overflow-hidden font-bold text-on-face select-none ${SIZES[size]} ${toneOf(id)}`}
    >
      {picture !== null && picture !== missing ? (
        <img
          src={pictureAddress(id, picture)}
          alt=""
          draggable={false}
          onError={() => setMissing(picture)}
          className={`size-full rounded-[inherit] object-cover ${PICTURE_EDGE}`}
        />
      ) : (
        initialOf(name)
      )}
    </span>
  )
}

function pictureAddress(userId: string, picture: string): string {
  return `/api/v1/users/${userId}/pictures/${picture}`
}

function toneOf(id: string): string {
  let hash = 0
  for (const character of id) hash = (hash * 31 + character.codePointAt(0)!) % 65_521
  return TONES[hash % TONES.length]!
}
