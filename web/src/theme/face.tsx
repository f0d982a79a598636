const TONES = ['bg-face-1', 'bg-face-2', 'bg-face-3', 'bg-face-4', 'bg-face-5', 'bg-face-6', 'bg-face-7', 'bg-face-8'] as const

const SIZES = {
  small: 'size-8 rounded-[9px] text-small',
  large: 'size-10 rounded-[11px] text-base',
} as const

interface FaceProps {
  id: string
  name: string
  size?: keyof typeof SIZES
}

/** A person's first letter on a tone of their own. The name always stands beside it, so that it says nothing by itself. */
export function Face({ id, name, size = 'large' }: FaceProps) {
  return (
    <span
      aria-hidden="true"
      className={`grid flex-none place-items-center font-bold text-on-face select-none ${SIZES[size]} ${toneOf(id)}`}
    >
      {firstLetter(name)}
    </span>
  )
}

function toneOf(id: string): string {
  let hash = 0
  for (const character of id) hash = (hash * 31 + character.codePointAt(0)!) % 65_521
  return TONES[hash % TONES.length]!
}

function firstLetter(name: string): string {
  return ([...name.trim()][0] ?? '·').toLocaleUpperCase()
}
