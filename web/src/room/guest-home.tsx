import { Redirect } from 'wouter'
import { useObservable } from '#account/observe.ts'
import { roomPath } from '#account/paths.ts'
import { useAccount } from '#account/use-account.ts'
import { isListed } from '#shell/room-sections.ts'

/** Where a guest begins, who is not in General: in the first of their rooms. */
export function GuestHome() {
  const { is, items } = useObservable(useAccount().belfry.rooms.list)
  const first = items.find(isListed)
  if (first) return <Redirect to={roomPath(first.id)} replace />
  if (is !== 'ready') return null
  return (
    <div className="grid flex-1 place-items-center px-6 text-center">
      <div>
        <h2 className="text-large font-bold">No room yet</h2>
        <p className="mt-1 max-w-[44ch] text-ink-2">
          You are a guest here: you see the rooms that somebody adds you to. As soon as somebody does, it stands in the list.
        </p>
      </div>
    </div>
  )
}
