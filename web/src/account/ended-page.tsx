import type { User } from '@belfry/protocol/rows.ts'
import { Button } from '#theme/button.tsx'
import { Door } from './door.tsx'
import { useSession } from './use-account.ts'

const WORDS = {
  'signed-out': {
    title: 'You are signed out',
    lead: (name: string) => `The session of ${name} ended, here or in another tab. Nothing more is shown or sent.`,
    action: 'Sign in',
  },
  'replaced': {
    title: 'Another account is in use',
    lead: (name: string) => `This browser is now signed in to another account. Nothing more is shown or sent for ${name}.`,
    action: 'Continue with the other account',
  },
} as const

/** The account was left elsewhere: this page says so and does not go on with it. */
export function EndedPage({ user, reason }: { user: User; reason: keyof typeof WORDS }) {
  const session = useSession()
  const words = WORDS[reason]
  return (
    <Door pageName="Signed out" title={words.title} lead={words.lead(user.name)}>
      <Button look="main" className="mt-6 w-full" onClick={() => void session.ask()} autoFocus>
        {words.action}
      </Button>
    </Door>
  )
}
