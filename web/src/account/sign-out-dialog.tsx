import { useEffect, useState } from 'react'
import { useLocation } from 'wouter'
import { AlertDialog } from '#theme/alert-dialog.tsx'
import { Button } from '#theme/button.tsx'
import { refusalWords } from './refusal-words.ts'
import { useAccount, useSession } from './use-account.ts'
import { waitingChanges } from './waiting-changes.ts'

type Step = { is: 'asks'; unsent: number } | { is: 'leaves' } | { is: 'failed'; why: string }

interface SignOutDialogProps {
  onClose: () => void
  onFocusLost: () => void
}

/** Signs out at once; asks first only when that would lose something, and says so when it did not work. */
export function SignOutDialog({ onClose, onFocusLost }: SignOutDialogProps) {
  const { step, leave } = useLeaving()
  if (step.is === 'leaves') return null
  return (
    <AlertDialog title={step.is === 'asks' ? 'Sign out?' : 'You are still signed in'} onClose={onClose} onFocusLost={onFocusLost}>
      <p>{step.is === 'asks' ? unsentWords(step.unsent) : `${step.why} Nothing was deleted.`}</p>
      <div className="mt-6 flex justify-end gap-2">
        <Button onClick={onClose} autoFocus>
          Stay
        </Button>
        <Button look={step.is === 'asks' ? 'bad' : 'main'} onClick={leave}>
          {step.is === 'asks' ? 'Sign out' : 'Try again'}
        </Button>
      </div>
    </AlertDialog>
  )
}

function useLeaving() {
  const session = useSession()
  const { user } = useAccount()
  const [, navigate] = useLocation()
  const [step, setStep] = useState<Step>(() => {
    const unsent = waitingChanges(user.id)
    return unsent > 0 ? { is: 'asks', unsent } : { is: 'leaves' }
  })

  useEffect(() => {
    if (step.is !== 'leaves') return
    session.leave().then(
      () => session.state.get().is === 'signed-out' && navigate('/sign-in', { replace: true }),
      (error: unknown) => setStep({ is: 'failed', why: refusalWords(error) }),
    )
  }, [step, session, navigate])

  return { step, leave: () => setStep({ is: 'leaves' }) }
}

function unsentWords(count: number): string {
  return count === 1 ? 'One change was not sent yet and would be lost.' : `${count} changes were not sent yet and would be lost.`
}
