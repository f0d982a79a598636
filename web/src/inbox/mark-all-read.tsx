import { useObservable } from '#account/observe.ts'
import { useAccount } from '#account/use-account.ts'
import { attempt } from '#shell/notice.tsx'

export function MarkAllRead() {
  const { inbox } = useAccount().belfry
  const { counts } = useObservable(inbox.view)
  return (
    <button
      type="button"
      disabled={counts.unread === 0}
      onClick={() => attempt(() => inbox.markAllRead())}
      className="h-9 rounded-medium px-2.5 text-small font-medium text-accent hover:bg-hover disabled:invisible coarse:h-11"
    >
      Mark all read
    </button>
  )
}
