import { Face } from '#theme/face.tsx'
import { Icon } from '#theme/icons.tsx'
import type { Nameable, Naming } from './use-naming.ts'

const LIST_ID = 'names'

function optionId(index: number): string {
  return `name-${index}`
}

/** What the box needs in which one writes: the keys that choose are pressed there. */
export function namingProps({ offered, at, follow, close }: Naming) {
  const isOpen = offered.length > 0
  return { onSelect: follow, onBlur: close, ...(isOpen && { 'aria-controls': LIST_ID, 'aria-activedescendant': optionId(at) }) }
}

const MEANS = { room: 'Everybody in this room', here: 'Those who are here now' } as const

/** Whom one may mean, above the box in which one writes. */
export function NameList({ naming }: { naming: Naming }) {
  if (naming.offered.length === 0) return null
  return (
    <ul
      id={LIST_ID}
      role="listbox"
      aria-label="People to name"
      className="absolute inset-x-0 bottom-full z-20 mx-4 mb-1 max-w-[26rem] rounded-medium border border-line bg-raised p-1 shadow-float desk:mx-6"
    >
      {naming.offered.map((one, index) => (
        <li
          key={one.name}
          id={optionId(index)}
          role="option"
          aria-selected={index === naming.at}
          // The box keeps the focus.
          onPointerDown={(event) => event.preventDefault()}
          onPointerUp={() => naming.choose(one)}
          className="flex h-9.5 cursor-pointer items-center gap-3 rounded-small px-2.5 hover:bg-hover aria-selected:bg-selected coarse:h-11"
        >
          <Offered one={one} />
        </li>
      ))}
    </ul>
  )
}

function Offered({ one }: { one: Nameable }) {
  if (one.is === 'many')
    return (
      <>
        <Icon name="people" className="size-4.5 text-ink-3" />
        <span className="font-medium">@{one.name}</span>
        <span className="truncate text-small text-ink-2">{MEANS[one.name]}</span>
      </>
    )
  return (
    <>
      <Face id={one.person.id} name={one.person.name} picture={one.person.picture} size="tiny" />
      <span className="truncate font-medium">{one.person.name}</span>
      <span className="truncate text-small text-ink-2">@{one.name}</span>
    </>
  )
}
