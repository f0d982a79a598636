import { useEffect, useEffectEvent, useState, useSyncExternalStore } from 'react'
import { useLocation } from 'wouter'
import { ConnectionLost } from '@belfry/client/belfry.ts'
import { AlertDialog } from '#theme/alert-dialog.tsx'
import { Button } from '#theme/button.tsx'
import { refusalWords } from './refusal-words.ts'
import { useAccount, useSession } from './use-account.ts'
import { useBackOnline } from './use-back-online.ts'

type Step =
  /** What was not sent yet would be lost with the account. */
  | { is: 'asks' }
  | { is: 'leaves' }
  /** The server cannot be told: only this browser can forget the account for now. */
  | { is: 'alone' }
  | { is: 'failed'; why: string }

interface SignOutDialogProps {
  onClose: () => void
  onFocusLost: () => void
}

/** Signs out at once; asks first only when that would lose something, and says so when it did not work. */
export function SignOutDialog({ onClose, onFocusLost }: SignOutDialogProps) {
  const { step, unsent, leave, leaveUntold } = useLeaving()
  if (step.is === 'leaves') return <Leaving onFocusLost={onFocusLost} />
  const { title, text, look, action } = wordsFor(step, unsent)
  return (
    <AlertDialog title={title} onClose={onClose} onFocusLost={onFocusLost}>
      <p>{text}</p>
      <div className="mt-6 flex justify-end gap-2">
        <Button onClick={onClose} autoFocus>
          Stay
        </Button>
        <Button look={look} onClick={step.is === 'alone' ? leaveUntold : leave}>
          {action}
        </Button>
      </div>
    </AlertDialog>
  )
}

/** Mostly it is done before anybody could read that. */
const SAYS_SO_AFTER_MS = 700

function Leaving({ onFocusLost }: { onFocusLost: () => void }) {
  const [isLong, setLong] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), SAYS_SO_AFTER_MS)
    return () => clearTimeout(timer)
  }, [])
  if (!isLong) return null
  return (
    <AlertDialog title="Signing out…" onClose={() => {}} onFocusLost={onFocusLost}>
      <p>This takes longer than usual.</p>
    </AlertDialog>
  )
}

/** How many changes would be lost with the account. */
function useUnsent(): number {
  const { belfry } = useAccount()
  return useSyncExternalStore(belfry.unsent.subscribe, () => belfry.unsentChanges())
}

function useLeaving() {
  const session = useSession()
  const [, navigate] = useLocation()
  const unsent = useUnsent()
  const [step, setStep] = useState<Step>(() => ({ is: unsent > 0 ? 'asks' : 'leaves' }))
  // What was said is not true any more, and the server can be told.
  useBackOnline(() => step.is === 'alone' && setStep({ is: 'asks' }))
  const goOn = useEffectEvent(() => session.state.get().is === 'signed-out' && navigate('/sign-in', { replace: true }))

  useEffect(() => {
    if (step.is !== 'leaves') return
    session.leave().then(goOn, (error: unknown) => {
      setStep(error instanceof ConnectionLost ? { is: 'alone' } : { is: 'failed', why: refusalWords(error) })
    })
  }, [step, session])

  return {
    step,
    unsent,
    leave: () => setStep({ is: 'leaves' }),
    leaveUntold: () => void session.leaveUntold().then(() => navigate('/sign-in', { replace: true })),
  }
}

function wordsFor(step: Exclude<Step, { is: 'leaves' }>, unsent: number) {
  switch (step.is) {
    case 'asks':
      return { title: 'Sign out?', text: unsentWords(unsent), look: 'bad', action: 'Sign out' } as const
    case 'alone':
      return {
        title: 'The server cannot be reached',
        text: 'All that this browser keeps of your account can be deleted now. The server is told as soon as it can be reached from here.',
        look: 'bad',
        action: 'Sign out here',
      } as const
    case 'failed':
      return { title: 'You are still signed in', text: `${step.why} Nothing was deleted.`, look: 'main', action: 'Try again' } as const
    default:
      return step satisfies never
  }
}

function unsentWords(count: number): string {
  if (count === 0) return 'Nothing waits to be sent any more.'
  return count === 1 ? 'One change was not sent yet and would be lost.' : `${count} changes were not sent yet and would be lost.`
}
