import { Button } from '#theme/button.tsx'
import { Icon } from '#theme/icons.tsx'
import { Door } from './door.tsx'
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

export function UnreachablePage() {
  const session = useSession()
  return (
    <Door title="The server cannot be reached" lead="Belfry tries again every few seconds. Nothing that you wrote is lost.">
      <Button look="main" className="mt-6 w-full" onClick={() => void session.ask()}>
        Try now
      </Button>
    </Door>
  )
}
