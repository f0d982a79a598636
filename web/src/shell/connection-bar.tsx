import { GENERAL_ROOM } from '@belfry/protocol/topics.ts'
import { useObservable } from '#account/observe.ts'
import { useAccount } from '#account/use-account.ts'
import { TextButton } from '#theme/button.tsx'
import { useNow } from '#theme/use-now.ts'
import { connectionWords } from './connection-words.ts'

/** One slim bar under the head while something is wrong, with what one can do about it. */
export function ConnectionBar() {
  const { belfry } = useAccount()
  const state = useObservable(belfry.connection)
  const { items } = useObservable(belfry.room(GENERAL_ROOM).view)
  const now = useNow(state.is === 'waiting' ? 500 : null)
  const unsent = items.filter((item) => item.state === 'sending' && item.wants === 'post').length
  const words = connectionWords(state, { unsent, now })

  return (
    <div
      className={
        words
          ? 'flex min-h-9 flex-none flex-wrap items-center gap-x-2 border-b border-line bg-bell-wash px-4 py-1.5 text-small desk:px-6'
          : 'contents'
      }
    >
      <p role="status">{words?.text}</p>
      {words?.countdown && <p className="text-ink-2 tabular-nums">{words.countdown}</p>}
      {words?.action === 'try-now' && (
        <TextButton onClick={() => belfry.retryNow()} className="text-accent max-desk:ml-auto">
          Try now
        </TextButton>
      )}
      {words?.action === 'reload' && (
        <TextButton onClick={() => location.reload()} className="text-accent max-desk:ml-auto">
          Reload
        </TextButton>
      )}
    </div>
  )
}
