import { useState } from 'react'
import { FormDialog } from '#account/form-dialog.tsx'
import { useObservable } from '#account/observe.ts'
import { useAccount } from '#account/use-account.ts'
import { useForm } from '#account/use-form.ts'
import { tell } from '#shell/notice.tsx'
import { Button } from '#theme/button.tsx'
import { Section } from '#theme/section.tsx'

const MEANS = 'Neither of you writes here then. Elsewhere you see their messages folded, and they ring no bell of yours. They are not told.'

const WORDS = {
  block: { action: 'Block', acting: 'Blocking…', means: MEANS },
  unblock: { action: 'Unblock', acting: 'Unblocking…', means: 'You can write to each other again.' },
} as const

type Deed = keyof typeof WORDS

/** Wanting nothing more of somebody, or wanting it again. */
export function BlockSection({ userId }: { userId: string }) {
  const { belfry } = useAccount()
  const [asked, setAsked] = useState<Deed | null>(null)
  const name = useObservable(belfry.people.known).get(userId)?.name ?? '…'
  const isBlocked = useObservable(belfry.blocked).has(userId)
  const next = isBlocked ? 'unblock' : 'block'
  return (
    <Section title="Block" lead={isBlocked ? `You have blocked ${name}.` : MEANS}>
      <Button className="mt-3" onClick={() => setAsked(next)}>
        {WORDS[next].action} {name}…
      </Button>
      {asked && <BlockDialog {...{ userId, name }} deed={asked} isDone={asked !== next} onClose={() => setAsked(null)} />}
    </Section>
  )
}

interface BlockDialogProps {
  userId: string
  name: string
  deed: Deed
  isDone: boolean
  onClose: () => void
}

function BlockDialog({ userId, name, deed, isDone, onClose }: BlockDialogProps) {
  const { belfry } = useAccount()
  const { action, acting, means } = WORDS[deed]
  const form = useForm(async () => {
    await belfry[deed](userId)
    onClose()
    tell(deed === 'block' ? `You have blocked ${name}.` : `${name} can write to you again.`)
  })
  return (
    <FormDialog
      title={`${action} ${name}?`}
      isGrave={deed === 'block'}
      form={form}
      action={`${action} ${name}`}
      acting={acting}
      isDone={isDone}
      onClose={onClose}
    >
      <p className="text-ink-2">{means}</p>
    </FormDialog>
  )
}
