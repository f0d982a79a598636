import { useState } from 'react'
import { useLocation } from 'wouter'
import type { Arrangement, RoomHandle, RoomView } from '@belfry/client/belfry.ts'
import { HOME_PATH } from '#account/paths.ts'
import { refusalWords } from '#account/refusal-words.ts'
import { tell } from '#shell/notice.tsx'
import { Button } from '#theme/button.tsx'
import { Choice, Choices } from '#theme/choice.tsx'
import { Section } from '#theme/section.tsx'

const LEVELS = [
  ['everything', 'Everything', 'Each message rings.'],
  ['mentions', 'What concerns you', 'Messages that name you or answer you ring. The rest counts as unread.'],
  ['nothing', 'Nothing', 'Nothing rings, and nothing stands out in the list.'],
] as const

/** How one has the room oneself: nobody else sees it. */
export function OwnSection({ room, view }: { room: RoomHandle; view: RoomView }) {
  const [, navigate] = useLocation()
  // Shown as chosen until the server has answered.
  const [chosen, setChosen] = useState<RoomView['notify'] | null>(null)

  async function arrange(to: Arrangement, done = 'Saved.'): Promise<void> {
    try {
      await room.arrange(to)
      tell(done)
    } catch (error) {
      tell(refusalWords(error))
    }
  }

  function hide(): void {
    navigate(HOME_PATH)
    void arrange({ isHidden: true }, 'Hidden until something new is written there.')
  }

  return (
    <Section title="For you" lead="Nobody else sees what you choose here.">
      <Choices legend="What rings?">
        {LEVELS.map(([level, title, means]) => (
          <Choice
            key={level}
            type="radio"
            name="notify"
            title={title}
            checked={(chosen ?? view.notify) === level}
            onChange={() => {
              setChosen(level)
              void arrange({ notify: level }).then(() => setChosen(null))
            }}
          >
            {means}
          </Choice>
        ))}
      </Choices>
      <div className="mt-4 flex flex-wrap gap-2">
        <Button aria-pressed={view.isFavourite} onClick={() => void arrange({ isFavourite: !view.isFavourite })}>
          {view.isFavourite ? 'Remove from favourites' : 'Add to favourites'}
        </Button>
        {view.people !== null && <Button onClick={hide}>Hide this conversation</Button>}
      </div>
    </Section>
  )
}
