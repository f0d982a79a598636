import { Component, type ReactNode } from 'react'
import { Door } from '#account/door.tsx'
import { Button } from '#theme/button.tsx'

/** What is shown instead of a blank page when the app itself fails. */
export class CrashGuard extends Component<{ children: ReactNode }, { hasCrashed: boolean }> {
  override state = { hasCrashed: false }

  static getDerivedStateFromError() {
    return { hasCrashed: true }
  }

  override render(): ReactNode {
    return this.state.hasCrashed ? <CrashPage /> : this.props.children
  }
}

function CrashPage() {
  return (
    <Door
      title="Something went wrong here"
      pageName="Error"
      lead="Drafts and messages that were not sent yet are kept. Reload the page to go on."
    >
      <Button look="main" className="mt-6 w-full" onClick={() => location.reload()} autoFocus>
        Reload
      </Button>
    </Door>
  )
}
