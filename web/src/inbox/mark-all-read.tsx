import { useObservable } from '#account/observe.ts'
import { useAccount } from '#account/use-account.ts'
import { attempt } from '#shell/notice.tsx'
import { focusTab } from './focus-tab.ts'

export function MarkAllRead() {
  const { inbox } = useAccount().belfry
  const { counts } = useObservable(inbox.view)
  return (
    <button
      type="button"
      disabled={counts.unread === 0}
      onClick={() => {
        // The button goes with what was unread.
        if (attempt(() => inbox.markAllRead())) focusTab()
      }}
      className="h-9 rounded-medium px-2.5 text-small font-medium text-accent hover:bg-hover disabled:invisible coarse:h-11"
    >
      Mark all read
    </button>
  )
}
