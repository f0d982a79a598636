import type { ConnectionState } from '@belfry/client/belfry.ts'
import { GENERAL_ROOM } from '@belfry/protocol/topics.ts'
import { useObservable } from '#account/observe.ts'
import { useAccount } from '#account/use-account.ts'
import { TextButton } from '#theme/button.tsx'
import { useNow } from '#theme/use-now.ts'
import { ConnectionAnnouncer } from './connection-announcer.tsx'
import { type ConnectionWords, connectionWords } from './connection-words.ts'
import { useLasting } from './use-lasting.ts'

const SHOWN_AFTER_MS = 1_000

/** One slim bar under the head while something is wrong, with what one can do about it. It lies over the list: what one reads stays where it is. */
export function ConnectionBar() {
  const { belfry } = useAccount()
  const state = useObservable(belfry.connection)
  const words = useWords(state)
  // Most losses are over before they matter.
  const isLasting = useLasting(words !== null, state.is === 'ended' ? 0 : SHOWN_AFTER_MS)
  const shown = isLasting ? words : null
  return (
    <>
      <ConnectionAnnouncer words={shown} />
      {shown && <Bar words={shown} onTryNow={() => belfry.retryNow()} />}
    </>
  )
}

function useWords(state: ConnectionState): ConnectionWords | null {
  const { items } = useObservable(useAccount().belfry.room(GENERAL_ROOM).view)
  const now = useNow(state.is === 'waiting' ? 500 : null)
  const unsent = items.filter((item) => item.state === 'sending' && item.wants === 'post').length
  return connectionWords(state, { unsent, now })
}

function Bar({ words, onTryNow }: { words: ConnectionWords; onTryNow: () => void }) {
  return (
    <div className="relative z-20 h-0 flex-none">
      <div className="absolute inset-x-0 top-0 flex min-h-9 animate-appear flex-wrap items-center gap-x-2 border-b border-line bg-bell-wash px-4 py-1.5 text-small desk:px-6">
        {/* Told once, elsewhere: not with every attempt and every message that joins the queue. */}
        <p role="status" aria-live="off">
          {words.text}
        </p>
        {words.countdown && <p className="text-ink-2 tabular-nums">{words.countdown}</p>}
        {words.action === 'try-now' && (
          <TextButton onClick={onTryNow} className="text-accent max-desk:ml-auto">
            Try now
          </TextButton>
        )}
        {words.action === 'reload' && (
          <TextButton onClick={() => location.reload()} className="text-accent max-desk:ml-auto">
            Reload
          </TextButton>
        )}
      </div>
    </div>
  )
}
