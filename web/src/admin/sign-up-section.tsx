import { useRef, useState } from 'react'
import type { Workspace } from '@belfry/protocol/rows.ts'
import { refusalWords } from '#account/refusal-words.ts'
import { Choice } from '#theme/choice.tsx'
import { FormAlert } from '#theme/form-alert.tsx'
import { Section } from '#theme/section.tsx'
import { useWorkspace } from './use-workspace.ts'

type SignUp = Workspace['signUp']

const CHOICES: readonly { signUp: SignUp; title: string; words: string }[] = [
  { signUp: 'open', title: 'Anybody', words: 'Whoever reaches this server. The sign-in page offers to make an account.' },
  { signUp: 'invite', title: 'Who has an invitation', words: 'A link that you make below and pass on.' },
  { signUp: 'closed', title: 'Nobody', words: 'Invitations rest, too. Administrators make accounts under People.' },
]

export function SignUpSection() {
  const { workspace, choosing, failure, choose } = useSignUpChoice()
  const chosen = choosing ?? workspace?.signUp
  return (
    <Section title="Who may make an account">
      <fieldset disabled={workspace === null} aria-busy={choosing !== null} className="mt-3 flex flex-col gap-2">
        <legend className="sr-only">Who may make an account</legend>
        {CHOICES.map(({ signUp, title, words }) => (
          <Choice key={signUp} type="radio" name="signUp" title={title} checked={chosen === signUp} onChange={() => void choose(signUp)}>
            {words}
          </Choice>
        ))}
      </fieldset>
      <FormAlert>{failure}</FormAlert>
    </Section>
  )
}

/** Chosen is saved: there is nothing else to fill in. */
function useSignUpChoice() {
  const { workspace, save } = useWorkspace()
  const isSaving = useRef(false)
  const [choosing, setChoosing] = useState<SignUp | null>(null)
  const [failure, setFailure] = useState<{ choice: SignUp; words: string } | null>(null)

  async function choose(signUp: SignUp): Promise<void> {
    // Not disabled meanwhile: that would take the focus away.
    if (isSaving.current) return
    isSaving.current = true
    setChoosing(signUp)
    setFailure(null)
    try {
      await save({ signUp })
    } catch (error) {
      setFailure({ choice: signUp, words: refusalWords(error) })
    } finally {
      isSaving.current = false
      setChoosing(null)
    }
  }

  // It was saved all the same, or by somebody else.
  const isSo = failure?.choice === workspace?.signUp
  return { workspace, choosing, failure: failure && !isSo ? failure.words : null, choose }
}
