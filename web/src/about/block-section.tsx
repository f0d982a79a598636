import { useState } from 'react'
import { FormDialog } from '#account/form-dialog.tsx'
import { useObservable } from '#account/observe.ts'
import { useAccount } from '#account/use-account.ts'
import { useForm } from '#account/use-form.ts'
import { tell } from '#shell/notice.tsx'
import { Button } from '#theme/button.tsx'
import { Section } from '#theme/section.tsx'

const MEANS = 'Neither of you writes here then. Elsewhere you see their messages folded, and they ring no bell of yours. They are not told.'

/** Wanting nothing more of somebody, or wanting it again. */
export function BlockSection({ userId }: { userId: string }) {
  const { belfry } = useAccount()
  const [isAsked, setAsked] = useState(false)
  const name = useObservable(belfry.people.known).get(userId)?.name ?? '…'
  const isBlocked = useObservable(belfry.blocked).has(userId)
  const form = useForm(async () => {
    await (isBlocked ? belfry.unblock(userId) : belfry.block(userId))
    setAsked(false)
    tell(isBlocked ? `${name} can write to you again.` : `You have blocked ${name}.`)
  })
  const [deed, acting] = isBlocked ? [`Unblock ${name}`, 'Unblocking…'] : [`Block ${name}`, 'Blocking…']
  return (
    <Section title="Block" lead={isBlocked ? `You have blocked ${name}.` : MEANS}>
      <Button className="mt-3" onClick={() => setAsked(true)}>
        {deed}…
      </Button>
      {isAsked && (
        <FormDialog title={`${deed}?`} isGrave={!isBlocked} form={form} action={deed} acting={acting} onClose={() => setAsked(false)}>
          <p className="text-ink-2">{isBlocked ? 'You can write to each other again.' : MEANS}</p>
        </FormDialog>
      )}
    </Section>
  )
}
