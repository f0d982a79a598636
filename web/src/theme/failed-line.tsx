import type { ReactNode } from 'react'
import { TextButton } from './button.tsx'

/** What could not be loaded, and the one thing to do about it. */
export function FailedLine({ children, onTryAgain }: { children: ReactNode; onTryAgain: () => void }) {
  return (
    <>
      {children}{' '}
      <TextButton onClick={onTryAgain} className="text-accent">
        Try again
      </TextButton>
    </>
  )
}
