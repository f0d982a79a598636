import type { RefusalError } from '@belfry/client/belfry.ts'
import { Button } from '#theme/button.tsx'
import { Icon } from '#theme/icons.tsx'
import { Door } from './door.tsx'
import { leftUntold } from './kept.ts'
import { refusalWords } from './refusal-words.ts'
import { useSession } from './use-account.ts'

/** Usually over before it is seen. */
export function AskingPage() {
  return (
    <main className="grid h-dvh animate-later place-items-center bg-side" aria-busy="true">
      <p className="flex animate-breathe items-center gap-2 text-large font-bold">
        <Icon name="tower" className="size-6 text-bell" />
        Belfry
        <span className="sr-only">is loading</span>
      </p>
    </main>
  )
}

/** `refusal`: it was reached, and did not know better than to say no. */
export function UnreachablePage({ refusal }: { refusal: RefusalError | null }) {
  const session = useSession()
  return (
    <Door title={refusal ? 'The server is not well' : 'The server cannot be reached'} lead={lead(refusal)}>
      <Button look="main" className="mt-6 w-full" onClick={() => void session.ask()}>
        Try now
      </Button>
    </Door>
  )
}

function lead(refusal: RefusalError | null): string {
  // Whoever has left this browser has let go of what was not sent.
  const promise = `Belfry tries again every few seconds.${leftUntold.is() ? '' : ' Nothing that you wrote is lost.'}`
  return refusal ? `It answered: “${refusalWords(refusal)}” ${promise}` : promise
}
