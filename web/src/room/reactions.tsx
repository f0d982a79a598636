import { useEffect } from 'react'
import type { ItemReaction, TimelineItem } from '@belfry/client/belfry.ts'
import { useObservable } from '#account/observe.ts'
import { useAccount } from '#account/use-account.ts'
import type { MessageDeeds } from './message-row.tsx'
import { NAMED_MAX, reactionWords } from './reaction-words.ts'

interface ReactionsProps {
  item: TimelineItem
  /** Reached with Tab from the message that has the focus. */
  tabIndex: number
  deeds: MessageDeeds
}

/** What stands at a message: how many of each, and who; a click adds one's own, or takes it back. */
export function Reactions(props: ReactionsProps) {
  return props.item.reactions.length > 0 ? <Standing {...props} /> : null
}

function Standing({ item, tabIndex, deeds }: ReactionsProps) {
  const { user } = useAccount()
  const nameOf = useNames(item.reactions)
  const all = item.reactions.map((reaction) => reactionWords(reaction, nameOf))
  return (
    <>
      <ul id={`${item.id}-reactions`} aria-label="Reactions" className="mt-1 mb-0.5 flex flex-wrap gap-1 coarse:gap-1.5">
        {item.reactions.map(({ emoji, userIds }, at) => {
          const isOwn = userIds.includes(user.id)
          const words = all[at]
          return (
            <li key={emoji}>
              <button
                type="button"
                tabIndex={tabIndex}
                aria-pressed={isOwn}
                aria-label={words}
                title={words}
                aria-disabled={!deeds.may.reacts}
                onClick={() => deeds.may.reacts && deeds.onReact(item.id, { emoji, isOn: !isOwn })}
                className="flex h-7 items-center gap-1.5 rounded-full border border-line bg-side px-2 text-meta text-ink-2 tabular-nums hover:border-edge aria-disabled:cursor-default aria-disabled:hover:border-line aria-pressed:border-accent aria-pressed:bg-selected aria-pressed:font-medium aria-pressed:text-ink coarse:h-11 coarse:px-3.5 coarse:text-small"
              >
                <span className="text-base leading-none">{emoji}</span>
                {userIds.length}
              </button>
            </li>
          )
        })}
      </ul>
      {/* What has no pointer to rest on a reaction touches the message. */}
      <p aria-hidden className="hidden text-small text-ink-2 coarse:group-focus-within:block coarse:group-focus:block">
        {all.join(' · ')}
      </p>
    </>
  )
}

/** Who reacted, as far as they are named; those not known yet are asked for. */
function useNames(reactions: readonly ItemReaction[]): (userId: string) => string {
  const { user, belfry } = useAccount()
  const known = useObservable(belfry.people.known)
  // Also those who are known: whoever is shown is kept.
  useEffect(() => {
    for (const id of new Set(reactions.flatMap(({ userIds }) => userIds.slice(0, NAMED_MAX)))) belfry.people.ask(id)
  }, [reactions, known, belfry])
  return (userId) => known.get(userId)?.name ?? (userId === user.id ? user.name : '…')
}
