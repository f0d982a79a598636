import { useState } from 'react'
import { useObservable } from '#account/observe.ts'
import { useAccount } from '#account/use-account.ts'
import { NewConversationDialog } from '#shell/new-conversation-dialog.tsx'
import { Button } from '#theme/button.tsx'
import { Section } from '#theme/section.tsx'

/** A conversation of two stays one: with more people another is begun. */
export function GroupSection({ userId }: { userId: string }) {
  const [isOpen, setOpen] = useState(false)
  const other = useObservable(useAccount().belfry.people.known).get(userId)
  return (
    <Section title="With more people" lead="What you two have written stays between you. With others another conversation begins.">
      <Button className="mt-3" disabled={!other} onClick={() => setOpen(true)}>
        Begin a group…
      </Button>
      {isOpen && other && <NewConversationDialog people={[other]} onClose={() => setOpen(false)} />}
    </Section>
  )
}
