import { useAccount } from '#account/use-account.ts'
import { TextButton } from '#theme/button.tsx'
import { useTrouble } from './connection-watch.tsx'

const AT = { top: 'top-0 border-b', bottom: 'bottom-0 border-t' }

/** One slim bar under the head while something is wrong, with what one can do about it; or above what stands at the foot. It lies over the list: what one reads stays where it is. */
export function ConnectionBar({ at = 'top' }: { at?: keyof typeof AT }) {
  const { belfry } = useAccount()
  const words = useTrouble()
  if (!words) return null
  return (
    <div className="relative z-20 h-0 flex-none">
      <div
        className={`absolute inset-x-0 ${AT[at]} flex min-h-9 animate-appear flex-wrap items-center gap-x-2 border-line bg-bell-wash px-4 py-1.5 text-small desk:px-6`}
      >
        {/* Told once, elsewhere: not with every attempt and every message that joins the queue. */}
        <p role="status" aria-live="off">
          {words.text}
        </p>
        {words.countdown && <p className="text-ink-2 tabular-nums">{words.countdown}</p>}
        {words.action === 'try-now' && (
          <TextButton onClick={() => belfry.retryNow()} className="text-accent max-desk:ml-auto">
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
