import { useEffect, useRef } from 'react'
import type { Belfry } from '@belfry/client/belfry.ts'
import { useObservable } from '#account/observe.ts'
import { PresentFace } from '#account/present-face.tsx'
import { useAccount } from '#account/use-account.ts'
import { refusalWords } from '#account/refusal-words.ts'
import { tell } from '#shell/notice.tsx'
import { LeavingButton } from '#theme/leaving-button.tsx'
import { Section } from '#theme/section.tsx'

/** Whom one has blocked; there while there is somebody. */
export function BlockedSection() {
  const { belfry } = useAccount()
  const blocked = useObservable(belfry.blocked)
  const known = useObservable(belfry.people.known)
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    for (const id of blocked) belfry.people.ask(id)
  }, [belfry, blocked])
  if (blocked.size === 0) return null

  return (
    <Section
      title="Blocked people"
      heading={heading}
      lead="Neither of you writes to the other, and they ring no bell of yours. They are not told."
    >
      <ul aria-label="Blocked people" className="mt-2">
        {[...blocked].map((id) => {
          const { name = '…', username = '', picture = null } = known.get(id) ?? {}
          return (
            <li key={id} className="flex items-center gap-3 border-line py-2.5 not-first:border-t">
              <PresentFace id={id} name={name} picture={picture} size="small" />
              <p className="min-w-0 flex-1 truncate">
                {name} <span className="text-ink-3">{username}</span>
              </p>
              <LeavingButton
                size="small"
                aria-label={`Unblock ${name}`}
                onFocusLost={() => heading.current?.focus()}
                onClick={() => void unblock(belfry, { id, name })}
              >
                Unblock
              </LeavingButton>
            </li>
          )
        })}
      </ul>
    </Section>
  )
}

async function unblock(belfry: Belfry, { id, name }: { id: string; name: string }): Promise<void> {
  try {
    await belfry.unblock(id)
    tell(`${name} can write to you again.`)
  } catch (error) {
    tell(refusalWords(error))
  }
}
