import { useEffect, useState } from 'react'
import { useLocation } from 'wouter'
import { GENERAL_ROOM } from '@belfry/protocol/topics.ts'
import { AlertDialog } from '#theme/alert-dialog.tsx'
import { Button } from '#theme/button.tsx'
import { useAccount, useSession } from './use-account.ts'

/** Signs out at once; asks first only when that would lose messages, and says so when it did not work. */
export function SignOutDialog({ onClose }: { onClose: () => void }) {
  const session = useSession()
  const [, navigate] = useLocation()
  const unsent = useUnsentAtFirst()
  const [step, setStep] = useState<'asks' | 'leaves' | 'failed'>(unsent > 0 ? 'asks' : 'leaves')

  useEffect(() => {
    if (step !== 'leaves') return
    session.leave().then(
      () => navigate('/sign-in', { replace: true }),
      () => setStep('failed'),
    )
  }, [step, session, navigate])

  if (step === 'leaves') return null
  return (
    <AlertDialog title={step === 'asks' ? 'Sign out?' : 'You are still signed in'} onClose={onClose}>
      <p>{step === 'asks' ? unsentWords(unsent) : 'The server cannot be reached, so you could not be signed out. Nothing was deleted.'}</p>
      <div className="mt-6 flex justify-end gap-2">
        <Button onClick={onClose} autoFocus>
          Stay
        </Button>
        <Button look={step === 'asks' ? 'bad' : 'main'} onClick={() => setStep('leaves')}>
          {step === 'asks' ? 'Sign out' : 'Try again'}
        </Button>
      </div>
    </AlertDialog>
  )
}

function useUnsentAtFirst(): number {
  const { belfry } = useAccount()
  const [unsent] = useState(
    () =>
      belfry
        .room(GENERAL_ROOM)
        .view.get()
        .items.filter((item) => item.wants === 'post' && item.state !== 'sent').length,
  )
  return unsent
}

function unsentWords(count: number): string {
  return count === 1 ? 'One message was not sent yet and would be lost.' : `${count} messages were not sent yet and would be lost.`
}
